import type { ScoreLimits } from '@musistrata/render-core';
import type { ApiConfig } from '../config.js';

/** What a score may hold on this server. */
export function scoreLimits(config: ApiConfig): ScoreLimits {
  return {
    maxBytes: config.MAX_BODY_BYTES,
    maxInflatedBytes: 4 * config.MAX_BODY_BYTES,
    maxParts: config.MAX_PARTS,
    maxNotes: config.MAX_NOTES,
    maxEvents: 4 * config.MAX_NOTES,
    maxDurationSeconds: config.MAX_DURATION_SECONDS,
  };
}
