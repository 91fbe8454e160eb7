import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

/** Where an encoder's bytes go. */
export interface AudioSink {
  /** Bytes written so far. */
  readonly position: number;
  write(bytes: Uint8Array): void;
  /** Says, before the first byte, that {@link patch} will be used: nothing needs to be computed from the bytes before the end. */
  expectPatches(): void;
  /** Overwrites bytes that have been written, for fields that are known only at the end. */
  patch(position: number, bytes: Uint8Array): void;
}

const BUFFER_BYTES = 1 << 18;

/** A file being written, with its SHA-256. Writing is synchronous: the render thread has nothing else to do. */
export class FileSink implements AudioSink {
  position = 0;
  private readonly file: number;
  private readonly buffer = new Uint8Array(BUFFER_BYTES);
  private used = 0;
  private flushed = 0;
  private readonly hash = createHash('sha256');
  private patches = false;
  private open = true;

  /** @throws Error when the file exists or cannot be made */
  constructor(readonly path: string) {
    this.file = openSync(path, 'wx+', 0o600);
  }

  write(bytes: Uint8Array): void {
    this.position += bytes.length;
    for (let done = 0; done < bytes.length; ) {
      const length = Math.min(bytes.length - done, BUFFER_BYTES - this.used);
      this.buffer.set(bytes.subarray(done, done + length), this.used);
      this.used += length;
      done += length;
      if (this.used === BUFFER_BYTES) this.flush();
    }
  }

  expectPatches(): void {
    this.patches = true;
  }

  patch(position: number, bytes: Uint8Array): void {
    this.flush();
    this.patches = true;
    writeAll(this.file, bytes, position);
  }

  /** Completes and closes the file. */
  finish(): { readonly bytes: number; readonly sha256: string } {
    this.flush();
    const sha256 = this.patches ? this.hashAgain() : this.hash.digest('hex');
    this.close();
    return { bytes: this.position, sha256 };
  }

  /** Closes and removes the file if it is not finished. */
  abandon(): void {
    if (!this.open) return;
    this.close();
    rmSync(this.path, { force: true });
  }

  private flush(): void {
    const bytes = this.buffer.subarray(0, this.used);
    writeAll(this.file, bytes, this.flushed);
    if (!this.patches) this.hash.update(bytes);
    this.flushed += this.used;
    this.used = 0;
  }

  private hashAgain(): string {
    const hash = createHash('sha256');
    for (let position = 0; position < this.position; ) {
      const count = readSync(this.file, this.buffer, 0, BUFFER_BYTES, position);
      if (count === 0) throw new Error(`${this.path} has lost bytes while it was written`);
      hash.update(this.buffer.subarray(0, count));
      position += count;
    }
    return hash.digest('hex');
  }

  private close(): void {
    this.open = false;
    closeSync(this.file);
  }
}

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, position + done);
}
