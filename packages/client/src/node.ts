import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { RemoteFile } from './download/remote-file.js';
import { verified } from './download/verified.js';

export interface SaveOptions {
  readonly signal?: AbortSignal | undefined;
  /** Keeps what has arrived when the download ends early, and continues there the next time. @default true */
  readonly resume?: boolean;
  /** Bytes written so far and in all; null where that is not known. */
  readonly onProgress?: (bytes: number, totalBytes: number | null) => void;
}

/**
 * Saves a file of the service (Node only). The file appears under its name when it is whole and its SHA-256 is right, never before; until then it
 * grows beside it as `.NAME.SHA256.part`. Do not save the same file to the same place twice at once.
 */
export async function save(file: RemoteFile, path: string, options: SaveOptions = {}): Promise<void> {
  const { signal, resume = true, onProgress } = options;
  const partial = join(dirname(path), `.${basename(path)}.${file.sha256?.slice(0, 16) ?? 'unknown'}.part`);
  const digest = createHash('sha256');
  const from = resume && file.sha256 !== null ? await takeUp(partial, file.bytes, digest) : 0;
  const handle = await open(partial, from > 0 ? 'r+' : 'w');
  try {
    let written = from;
    onProgress?.(written, file.bytes);
    const chunks = file.chunks({ from, signal });
    const checked =
      file.sha256 === null
        ? chunks
        : verified(chunks, file.sha256, { update: (bytes) => digest.update(bytes), hex: () => digest.digest('hex') });
    for await (const chunk of checked) {
      await writeAll(handle, chunk, written);
      written += chunk.length;
      onProgress?.(written, file.bytes);
    }
    await handle.sync();
  } catch (error) {
    await handle.close();
    // What cannot become the file MUST NOT be taken up again.
    const hopeless = error instanceof Error && 'code' in error && String(error.code).startsWith('download-');
    if (!resume || hopeless || file.sha256 === null) await rm(partial, { force: true });
    throw error;
  }
  await handle.close();
  await rename(partial, path);
}

/** Bytes of an earlier attempt that are still there, fed into the digest; 0 when there are none that can be used. */
async function takeUp(partial: string, bytes: number | null, digest: ReturnType<typeof createHash>): Promise<number> {
  const size = await stat(partial).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0 || (bytes !== null && size > bytes)) return 0;
  for await (const chunk of createReadStream(partial)) digest.update(chunk);
  return size;
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
