import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

const PAGE_FRAMES = 16384;

/**
 * A mono or stereo 32-bit float signal that is kept between the passes of a render: in memory while it is short, in a file beyond that.
 * Pages hold one channel after the other.
 */
export class ScratchSignal {
  frames = 0;
  private readonly pages: Float32Array[] = [];
  private file: number | null = null;
  private filePage: Float32Array | null = null;
  private filePageIndex = -1;
  private filePageChanged = false;

  /**
   * @param path where the file goes if one is needed; it must not exist
   * @param memoryLimit bytes to be held in memory at most
   */
  constructor(
    private readonly path: string,
    readonly channelCount: 1 | 2,
    private readonly memoryLimit: number,
  ) {}

  append(signal: readonly Float32Array[], from: number, count: number): void {
    const start = this.frames;
    this.frames += count;
    this.write(start, signal, from, count);
  }

  /** Replaces frames `start` to `start + count` by those of `signal` from `from` on. */
  write(start: number, signal: readonly Float32Array[], from: number, count: number): void {
    const { channelCount } = this;
    for (let done = 0; done < count; ) {
      const page = this.page(Math.floor((start + done) / PAGE_FRAMES), true);
      const offset = (start + done) % PAGE_FRAMES;
      const length = Math.min(count - done, PAGE_FRAMES - offset);
      for (let channel = 0; channel < channelCount; channel++)
        page.set(signal[channel]!.subarray(from + done, from + done + length), channel * PAGE_FRAMES + offset);
      done += length;
    }
  }

  /** Copies up to `count` frames from `start` on to the start of `signal`. Returns how many there were. */
  read(start: number, signal: readonly Float32Array[], count: number): number {
    const { channelCount } = this;
    const available = Math.max(0, Math.min(count, this.frames - start));
    for (let done = 0; done < available; ) {
      const page = this.page(Math.floor((start + done) / PAGE_FRAMES), false);
      const offset = (start + done) % PAGE_FRAMES;
      const length = Math.min(available - done, PAGE_FRAMES - offset);
      for (let channel = 0; channel < channelCount; channel++) {
        const at = channel * PAGE_FRAMES + offset;
        signal[channel]!.set(page.subarray(at, at + length), done);
      }
      done += length;
    }
    return available;
  }

  /** Forgets everything from frame `frames` on. */
  truncate(frames: number): void {
    this.frames = Math.min(this.frames, frames);
  }

  /** Frees memory and removes the file. Safe to call twice. */
  close(): void {
    this.pages.length = 0;
    if (this.file === null) return;
    closeSync(this.file);
    this.file = null;
    rmSync(this.path, { force: true });
  }

  private get pageBytes(): number {
    return PAGE_FRAMES * this.channelCount * 4;
  }

  private page(index: number, change: boolean): Float32Array {
    if (this.file === null) {
      const page = this.pages[index];
      if (page !== undefined) return page;
      if ((index + 1) * this.pageBytes <= this.memoryLimit) {
        const created = new Float32Array(PAGE_FRAMES * this.channelCount);
        this.pages[index] = created;
        return created;
      }
      this.moveToFile();
    }
    const page = this.loadPage(index);
    this.filePageChanged ||= change;
    return page;
  }

  private moveToFile(): void {
    this.file = openSync(this.path, 'wx+', 0o600);
    for (const [index, page] of this.pages.entries()) this.transfer(page, index, 'write');
    this.pages.length = 0;
    this.filePage = new Float32Array(PAGE_FRAMES * this.channelCount);
  }

  private loadPage(index: number): Float32Array {
    const page = this.filePage!;
    if (index === this.filePageIndex) return page;
    if (this.filePageChanged) this.transfer(page, this.filePageIndex, 'write');
    this.filePageChanged = false;
    this.filePageIndex = index;
    const read = this.transfer(page, index, 'read');
    page.fill(0, read / 4);
    return page;
  }

  private transfer(page: Float32Array, index: number, direction: 'read' | 'write'): number {
    const bytes = new Uint8Array(page.buffer, page.byteOffset, page.byteLength);
    let done = 0;
    while (done < bytes.length) {
      const position = index * this.pageBytes + done;
      const moved =
        direction === 'read'
          ? readSync(this.file!, bytes, done, bytes.length - done, position)
          : writeSync(this.file!, bytes, done, bytes.length - done, position);
      if (moved === 0) break;
      done += moved;
    }
    return done;
  }
}
