import { createHash } from 'node:crypto';
import type { RenderOptionsInput } from '@musistrata/render-core';
import { describeParts } from '@musistrata/render-core/score/describe-parts.js';
import { parseScore } from '@musistrata/render-core/score/parse-score.js';
import type { ScoreSummary } from '../types.js';
import type { ScoreFacts } from './renderer.js';
import type { ScoreSource } from './score-source.js';

/** Reads a score on this machine. */
export async function readLocally(source: ScoreSource, options: RenderOptionsInput): Promise<ScoreFacts> {
  const bytes = await source.read();
  const performance = await parseScore(
    { bytes },
    {
      ...(source.path !== null && { hint: source.path }),
      ...(options.pitch !== undefined && { pitch: options.pitch }),
      ...(options.octaveShift !== undefined && { octaveShift: options.octaveShift }),
    },
  );
  const score: ScoreSummary = {
    format: performance.format,
    title: performance.title,
    durationSeconds: performance.endSeconds,
    partCount: performance.parts.length,
    noteCount: performance.noteCount,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  return { score, parts: describeParts(performance), warnings: performance.warnings };
}
