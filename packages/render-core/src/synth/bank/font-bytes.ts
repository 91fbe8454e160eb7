import type { FileHandle } from 'node:fs/promises';
import { SoundFontError } from './sound-font-error.js';

/** Bytes that are read at a time where a file is read through: the digest of one stretch is made while the next one is read. */
const STRETCH = 4 * 1024 * 1024;
/** Reads at the same time. */
const READS = 3;

/** A sound font's bytes, wherever they are. Positions and lengths are bytes. */
export interface FontBytes {
  readonly size: number;
  /** A copy of a range, in a buffer of its own. @throws SoundFontError when the range does not lie inside */
  read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Goes through a range in order, in stretches that stay valid during the visit; with `into`, which must be as long as the range,
   * they are stretches of that. @throws SoundFontError when the range does not lie inside
   */
  readThrough(from: number, to: number, into: Uint8Array | null, visit: (stretch: Uint8Array) => void): Promise<void>;
}

/** A font that has been read already. */
export class BytesInMemory implements FontBytes {
  readonly size: number;

  constructor(readonly bytes: Uint8Array) {
    this.size = bytes.length;
  }

  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (position + length > this.size) cutOff();
    return new Uint8Array(this.bytes.subarray(position, position + length));
  }

  async readThrough(
    from: number,
    to: number,
    into: Uint8Array | null,
    visit: (stretch: Uint8Array) => void,
  ): Promise<void> {
    if (to > this.size) cutOff();
    const stretch = this.bytes.subarray(from, to);
    into?.set(stretch);
    visit(stretch);
  }
}

/** A font in an open file. */
export class BytesInFile implements FontBytes {
  constructor(
    readonly file: FileHandle,
    readonly size: number,
  ) {}

  async read(position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    // Not before this is known: lengths come from the file.
    if (position + length > this.size) cutOff();
    const bytes = new Uint8Array(length);
    await this.#fill(bytes, position);
    return bytes;
  }

  async readThrough(
    from: number,
    to: number,
    into: Uint8Array | null,
    visit: (stretch: Uint8Array) => void,
  ): Promise<void> {
    if (to > this.size) cutOff();
    const count = Math.ceil((to - from) / STRETCH);
    const spare = into === null ? new Uint8Array(READS * Math.min(STRETCH, to - from)) : null;
    const begin = (index: number) => {
      const at = index * STRETCH;
      const length = Math.min(STRETCH, to - from - at);
      const start = spare === null ? at : (index % READS) * STRETCH;
      return this.#fill((into ?? spare)!.subarray(start, start + length), from + at);
    };
    const reading: Promise<Uint8Array>[] = [];
    let begun = 0;
    try {
      for (let index = 0; index < count; index++) {
        while (begun < count && begun < index + READS) {
          const stretch = begin(begun++);
          // A later one may fail while an earlier one is awaited; it is thrown when its turn comes.
          stretch.catch(() => undefined);
          reading.push(stretch);
        }
        visit(await reading.shift()!);
      }
    } finally {
      // Nobody may write into memory that is given back after an error.
      await Promise.allSettled(reading);
    }
  }

  async #fill(bytes: Uint8Array, position: number): Promise<Uint8Array> {
    for (let filled = 0; filled < bytes.length; ) {
      const { bytesRead } = await this.file.read(bytes, filled, bytes.length - filled, position + filled);
      if (bytesRead === 0) cutOff();
      filled += bytesRead;
    }
    return bytes;
  }
}

function cutOff(): never {
  throw new SoundFontError('soundfont-unreadable', 'the sound font is cut off');
}
