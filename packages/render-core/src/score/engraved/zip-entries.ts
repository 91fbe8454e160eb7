import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { fromBufferPromise, type ZipFile } from 'yauzl';
import { ScoreError } from '../score-error.js';
import type { ScoreLimits } from '../score-limits.js';

/** A compressed score has a handful of files: the score, its settings, perhaps pictures. */
const MOST_ENTRIES = 1000;

/**
 * Unpacks the wanted files of a zip. Sizes are checked as the archive states them before anything is inflated, and inflating stops at what is stated:
 * neither memory nor time goes into what an archive does not own up to.
 * @throws ScoreError when the archive is damaged or too large.
 */
export async function unzip(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  limits: ScoreLimits,
): Promise<Map<string, Uint8Array>> {
  try {
    return await unpacked(
      await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
      wanted,
      limits,
    );
  } catch (error) {
    if (error instanceof ScoreError) throw error;
    throw ScoreError.unreadable('The score is a damaged zip archive. Send the file again whole.');
  }
}

async function unpacked(
  zip: ZipFile,
  wanted: (name: string) => boolean,
  limits: ScoreLimits,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  if (zip.entryCount > MOST_ENTRIES)
    throw ScoreError.tooLarge('or more files in its archive', zip.entryCount, MOST_ENTRIES);
  let inflated = 0;
  for await (const entry of zip.eachEntry()) {
    if (!wanted(entry.fileName)) continue;
    inflated += entry.uncompressedSize;
    if (inflated > limits.maxInflatedBytes)
      throw ScoreError.tooLarge('bytes once inflated', inflated, limits.maxInflatedBytes);
    const file = await buffer(await zip.openReadStreamPromise(entry));
    if (crc32(file) !== entry.crc32) throw new RangeError('a file is not what it was');
    files.set(entry.fileName, file);
  }
  return files;
}
