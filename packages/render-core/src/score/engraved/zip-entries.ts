import { unzipSync } from 'fflate';
import { ScoreError } from '../score-error.js';
import type { ScoreLimits } from '../score-limits.js';

/** A compressed score has a handful of files: the score, its settings, perhaps pictures. */
const MOST_ENTRIES = 1000;

/**
 * Unpacks the wanted files of a zip. Sizes are checked as the archive states them before anything is inflated, and nothing inflates beyond what is stated.
 * @throws ScoreError when the archive is damaged or too large.
 */
export function unzip(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  limits: ScoreLimits,
): Map<string, Uint8Array> {
  let count = 0;
  let inflated = 0;
  try {
    const entries = unzipSync(bytes, {
      filter: (entry) => {
        if (++count > MOST_ENTRIES) throw ScoreError.tooLarge('or more files in its archive', count, MOST_ENTRIES);
        if (!wanted(entry.name)) return false;
        inflated += entry.originalSize;
        if (inflated > limits.maxInflatedBytes)
          throw ScoreError.tooLarge('bytes once inflated', inflated, limits.maxInflatedBytes);
        return true;
      },
    });
    return new Map(Object.entries(entries));
  } catch (error) {
    if (error instanceof ScoreError) throw error;
    throw ScoreError.unreadable('The score is a damaged zip archive. Send the file again whole.');
  }
}
