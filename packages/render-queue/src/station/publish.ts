import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { extname } from 'node:path';
import { inParallel } from '../in-parallel.js';
import { blobKeys } from '../records/blob-keys.js';
import type { Manifest } from '../records/records.js';
import type { RenderArchive } from '../records/render-archive.js';
import type { RenderedAudio, RenderedFile, RunResult } from './render-job.js';

/** Files of one render on their way to the storage at once: flushes to a disk and requests to a bucket mostly wait. */
const atOnce = 4;

/**
 * Moves the files of a result into the blob store and publishes them by writing the manifest last: a reader sees all of them or none.
 * Files are named by what they are, never by anything that a client sent.
 */
export async function publish(
  archive: RenderArchive,
  content: string,
  result: RunResult,
  startedAt: number,
): Promise<Manifest> {
  const store = async (file: RenderedFile, base: string) => {
    const name = base + extname(file.path);
    // Opened before it moves; what is read is the same file under whatever name.
    const opened = await open(file.path);
    try {
      const moved = archive.store.putFile(blobKeys.output(content, name), file.path);
      const [read] = await Promise.all([digest(opened), moved]);
      return { name, contentType: file.contentType, ...read };
    } finally {
      await opened.close();
    }
  };
  const storeAudio = async (file: RenderedAudio, base: string) => {
    const { durationSeconds, sampleRate, channels, bitDepth, peakDbtp, loudnessLufs } = file;
    return { ...(await store(file, base)), durationSeconds, sampleRate, channels, bitDepth, peakDbtp, loudnessLufs };
  };
  const storeStems = async () => {
    const stems: NonNullable<Manifest['stems']> = [];
    await inParallel(atOnce, result.stems ?? [], async (stem) => {
      const { part, partName } = stem;
      stems.push({ ...(await storeAudio(stem, `stem-${part}`)), part, partName });
    });
    return stems.sort((a, b) => a.part - b.part);
  };
  const work = [
    storeAudio(result.audio, 'audio'),
    storeStems(),
    result.timing && store(result.timing, 'timing'),
    result.peaks && store(result.peaks, 'peaks'),
  ] as const;
  // When one fails, the others have let go of their files before the job ends.
  await Promise.allSettled(work);
  const [audio, stems, timing, peaks] = await Promise.all(work);
  const files = [audio, ...stems, ...(timing ? [timing] : []), ...(peaks ? [peaks] : [])];
  const now = Date.now();
  const manifest: Manifest = {
    version: 1,
    content,
    finishedAt: new Date(now).toISOString(),
    renderSeconds: Math.max(0.001, (now - startedAt) / 1000),
    audio,
    stems: result.stems && stems,
    timing,
    peaks,
    warnings: [...result.warnings],
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
  };
  await archive.putManifest(manifest);
  return manifest;
}

async function digest(file: FileHandle): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  let bytes = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, bytes);
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
    hash.update(buffer.subarray(0, bytesRead));
    bytes += bytesRead;
  }
}
