import { inflateRawSync } from 'node:zlib';
import { ScoreError } from '../score-error.js';
import type { ScoreLimits } from '../score-limits.js';
import { type ZipEntry, zipDirectory } from './zip-directory.js';

/** A compressed score has a handful of files: the score, its settings, perhaps pictures. */
const MOST_ENTRIES = 1000;
const STORED = 0;
const DEFLATED = 8;

/**
 * Unpacks the wanted files of a zip. Sizes are checked as the archive states them before anything is inflated, and inflating stops at what is stated:
 * neither memory nor time goes into what an archive does not own up to.
 * @throws ScoreError when the archive is damaged or too large.
 */
export function unzip(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  limits: ScoreLimits,
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let count = 0;
  let inflated = 0;
  try {
    for (const entry of zipDirectory(bytes)) {
      if (++count > MOST_ENTRIES) throw ScoreError.tooLarge('or more files in its archive', count, MOST_ENTRIES);
      if (!wanted(entry.name)) continue;
      inflated += entry.size;
      if (inflated > limits.maxInflatedBytes)
        throw ScoreError.tooLarge('bytes once inflated', inflated, limits.maxInflatedBytes);
      files.set(entry.name, unpacked(entry));
    }
    return files;
  } catch (error) {
    if (error instanceof ScoreError) throw error;
    throw ScoreError.unreadable('The score is a damaged zip archive. Send the file again whole.');
  }
}

function unpacked({ method, size, packed }: ZipEntry): Uint8Array {
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw new RangeError('a compression that is not read');
  // zlib refuses a limit of nothing.
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
}
