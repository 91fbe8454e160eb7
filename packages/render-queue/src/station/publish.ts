import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { blobKeys } from '../records/blob-keys.js';
import type { Manifest } from '../records/records.js';
import type { RenderArchive } from '../records/render-archive.js';
import type { RenderedAudio, RenderedFile, RunResult } from './render-job.js';

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
    const { bytes, sha256 } = await digest(file.path);
    await archive.store.putFile(blobKeys.output(content, name), file.path);
    return { name, contentType: file.contentType, bytes, sha256 };
  };
  const storeAudio = async (file: RenderedAudio, base: string) => {
    const { durationSeconds, sampleRate, channels, bitDepth, peakDbtp, loudnessLufs } = file;
    return { ...(await store(file, base)), durationSeconds, sampleRate, channels, bitDepth, peakDbtp, loudnessLufs };
  };
  const audio = await storeAudio(result.audio, 'audio');
  const stems: NonNullable<Manifest['stems']> = [];
  for (const stem of result.stems ?? []) {
    const { part, partName } = stem;
    stems.push({ ...(await storeAudio(stem, `stem-${part}`)), part, partName });
  }
  const timing = result.timing && (await store(result.timing, 'timing'));
  const peaks = result.peaks && (await store(result.peaks, 'peaks'));
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

async function digest(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  });
  return { bytes, sha256: hash.digest('hex') };
}
