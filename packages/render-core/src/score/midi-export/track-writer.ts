/** Largest number that fits into the four bytes of a variable-length number. */
const LONGEST_DELTA = 0x0fffffff;

const utf8 = new TextEncoder();

/** The events of one track, in order of their ticks, as the bytes of an MTrk chunk (RP-001). */
export class TrackWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;
  #tick = 0;
  #running = 0;

  /** Tick of the last event. */
  get tick(): number {
    return this.#tick;
  }

  /** @param status 80h-EFh @param data one or two bytes, as the status asks */
  channelMessage(tick: number, status: number, ...data: readonly number[]): void {
    this.#delta(tick);
    if (status !== this.#running) this.#put(status);
    this.#running = status;
    for (const byte of data) this.#put(byte & 127);
  }

  /** @param data from the maker's byte to the one before F7 */
  exclusive(tick: number, data: readonly number[]): void {
    this.#delta(tick);
    this.#running = 0;
    this.#put(0xf0);
    this.#variableLength(data.length + 1);
    for (const byte of data) this.#put(byte);
    this.#put(0xf7);
  }

  meta(tick: number, type: number, data: readonly number[] | Uint8Array): void {
    this.#delta(tick);
    this.#running = 0;
    this.#put(0xff);
    this.#put(type);
    this.#variableLength(data.length);
    for (const byte of data) this.#put(byte);
  }

  text(tick: number, type: number, text: string): void {
    this.meta(tick, type, utf8.encode(text));
  }

  /** Ends the track, not before its last event. @returns the chunk with its header. */
  finish(tick: number): Uint8Array {
    this.meta(Math.max(tick, this.#tick), 0x2f, []);
    const chunk = new Uint8Array(8 + this.#length);
    chunk.set(utf8.encode('MTrk'));
    new DataView(chunk.buffer).setUint32(4, this.#length);
    chunk.set(this.#bytes.subarray(0, this.#length), 8);
    return chunk;
  }

  #delta(tick: number): void {
    // A rest too long for one event is divided by empty texts.
    while (tick - this.#tick > LONGEST_DELTA) {
      this.#tick += LONGEST_DELTA;
      this.#variableLength(LONGEST_DELTA);
      for (const byte of [0xff, 0x01, 0x00]) this.#put(byte);
      this.#running = 0;
    }
    this.#variableLength(tick - this.#tick);
    this.#tick = tick;
  }

  #variableLength(value: number): void {
    for (let shift = 21; shift > 0; shift -= 7) if (value >= 2 ** shift) this.#put(0x80 | ((value >> shift) & 127));
    this.#put(value & 127);
  }

  #put(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}
