import { type FileHandle, open } from 'node:fs/promises';
import { Writable } from 'node:stream';

/**
 * A file that log lines are added to. While it cannot be written (the disk is full) lines are lost and nothing else: whoever writes them goes on,
 * and so does the log as soon as there is room again.
 */
export class LogFile extends Writable {
  #file: FileHandle | null = null;
  #losing = false;

  constructor(private readonly path: string) {
    super();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#append(chunk).then(done);
  }

  override _final(done: () => void): void {
    this.#release().then(done);
  }

  async #append(chunk: Buffer): Promise<void> {
    try {
      this.#file ??= await open(this.path, 'a');
      await this.#file.appendFile(chunk);
      this.#losing = false;
    } catch (error) {
      if (!this.#losing) console.error(`${this.path} cannot be written, lines of it are lost: ${String(error)}`);
      this.#losing = true;
      await this.#release();
    }
  }

  async #release(): Promise<void> {
    await this.#file?.close().catch(() => undefined);
    this.#file = null;
  }
}
