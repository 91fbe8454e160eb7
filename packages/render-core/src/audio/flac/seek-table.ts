/** Seconds between two seek points. */
const INTERVAL_SECONDS = 10;
const POINT_BYTES = 18;

/**
 * The seek table of a file whose length is known (RFC 9639 section 8.5): where the block stands that holds every tenth second. Its size is known
 * from the start, its points once the blocks have been written.
 */
export class SeekTable {
  private readonly interval: number;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private filled = 0;

  constructor(frames: number, sampleRate: number) {
    this.interval = INTERVAL_SECONDS * sampleRate;
    // In a file of one interval there is nowhere to go.
    const points = frames > this.interval ? Math.ceil(frames / this.interval) : 0;
    this.bytes = new Uint8Array(points * POINT_BYTES);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Notes a block: its first frame, its distance in bytes from the first block, and its frames. */
  add(firstFrame: number, offset: number, frames: number): void {
    if (this.filled === this.bytes.length || firstFrame + frames <= (this.filled / POINT_BYTES) * this.interval) return;
    this.view.setBigUint64(this.filled, BigInt(firstFrame));
    this.view.setBigUint64(this.filled + 8, BigInt(offset));
    this.view.setUint16(this.filled + 16, frames);
    this.filled += POINT_BYTES;
  }

  toBytes(): Uint8Array {
    return this.bytes;
  }
}
