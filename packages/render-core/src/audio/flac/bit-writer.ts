/** Most significant bit first, into a buffer that grows to the size of the largest frame and is used again. */
export class BitWriter {
  private bytes = new Uint8Array(1 << 16);
  private length = 0;
  /** Bits not yet in `bytes`: the lowest `pending` of them, at most 7. */
  private bits = 0;
  private pending = 0;

  reset(): void {
    this.length = 0;
    this.bits = 0;
    this.pending = 0;
  }

  /** Writes the lowest `count` bits (0-32) of a whole number; negative numbers as two's complement. */
  write(value: number, count: number): void {
    if (count > 24) {
      this.put((value >> 16) & (2 ** (count - 16) - 1), count - 16);
      this.put(value & 0xffff, 16);
    } else {
      this.put(value & (2 ** count - 1), count);
    }
  }

  /** Writes `zeros` zero bits, a one, and then the lowest `count` bits of `value`. */
  writeUnary(zeros: number, value: number, count: number): void {
    let rest = zeros;
    while (rest > 24) {
      this.put(0, 24);
      rest -= 24;
    }
    if (rest + 1 + count <= 24) {
      this.put((1 << count) | value, rest + 1 + count);
    } else {
      this.put(1, rest + 1);
      this.write(value, count);
    }
  }

  /** Fills the last byte with zero bits. */
  align(): void {
    if (this.pending > 0) this.put(0, 8 - this.pending);
  }

  /** The bytes written since the last reset; valid until the next write. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  /** `value` must have no bits beyond `count` <= 24. */
  private put(value: number, count: number): void {
    let bits = (this.bits << count) | value;
    let pending = this.pending + count;
    if (this.length + 4 > this.bytes.length) this.grow();
    while (pending >= 8) {
      pending -= 8;
      this.bytes[this.length++] = bits >>> pending;
    }
    bits &= (1 << pending) - 1;
    this.bits = bits;
    this.pending = pending;
  }

  private grow(): void {
    const grown = new Uint8Array(2 * this.bytes.length);
    grown.set(this.bytes);
    this.bytes = grown;
  }
}
