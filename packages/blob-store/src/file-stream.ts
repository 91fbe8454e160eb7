import { close, read } from 'node:fs';
import { Readable } from 'node:stream';
import type { ByteRange } from './blob-store.js';

/** Bytes that are read at a time. */
const CHUNK_BYTES = 256 * 1024;
/** Chunks that are kept to be read into again, for all streams together: 16 MiB. */
const MOST_KEPT = 64;

const kept: ArrayBufferLike[] = [];

/**
 * Reads a file that is open, and closes it. Chunks may be given back once nobody looks at them any more: at a gigabyte a second, memory made anew for
 * each of them has the garbage collector go through the whole heap twenty times a second.
 */
export class FileStream extends Readable {
  readonly #file: number;
  readonly #end: number;
  #position: number;
  #reading = false;
  #whenRead: (() => void) | null = null;

  /** @param range within the file; both ends included */
  constructor(file: number, range?: ByteRange) {
    super({ highWaterMark: CHUNK_BYTES });
    this.#file = file;
    this.#position = range?.start ?? 0;
    this.#end = range ? range.end + 1 : Number.POSITIVE_INFINITY;
  }

  /** Takes back a chunk of any such stream. MUST NOT be called twice for one, nor while somebody reads it. */
  static recycle(chunk: Buffer): void {
    if (chunk.buffer.byteLength === CHUNK_BYTES && kept.length < MOST_KEPT) kept.push(chunk.buffer);
  }

  override _read(): void {
    const wanted = Math.min(CHUNK_BYTES, this.#end - this.#position);
    if (wanted <= 0) {
      this.push(null);
      return;
    }
    const memory = kept.pop();
    const chunk = memory ? Buffer.from(memory) : Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.#reading = true;
    read(this.#file, chunk, 0, wanted, this.#position, (error, count) => {
      this.#reading = false;
      if (this.#whenRead) {
        FileStream.recycle(chunk);
        this.#whenRead();
      } else if (error) {
        this.destroy(error);
      } else {
        this.#position += count;
        this.push(count === 0 ? null : chunk.subarray(0, count));
      }
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const end = () => close(this.#file, (failure) => done(error ?? failure));
    if (this.#reading) this.#whenRead = end;
    else end();
  }
}
