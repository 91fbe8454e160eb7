import type { KernelMemory } from './kernel-memory.js';

/** Lets the kernel work on arrays wherever they stand: those outside its memory are copied in and out. */
export class KernelSignal {
  readonly #memory: KernelMemory;
  readonly #frames: number;
  /** Taken when the first array from outside comes. */
  #inside: Float32Array | null = null;

  /** @param frames most frames at a time */
  constructor(memory: KernelMemory, frames: number) {
    this.#memory = memory;
    this.#frames = frames;
  }

  /** Address at which the kernel finds frames `from` to `from + count` of an array. */
  enter(array: Float32Array, from: number, count: number): number {
    const address = this.#memory.addressOf(array);
    if (address !== null) return address + from * 4;
    this.#inside ??= this.#memory.float32(this.#memory.allocate(this.#frames * 4), this.#frames);
    this.#inside.set(array.subarray(from, from + count));
    return this.#inside.byteOffset;
  }

  /** Brings back what the kernel has made of them. */
  leave(array: Float32Array, from: number, count: number): void {
    if (this.#inside !== null && this.#memory.addressOf(array) === null)
      array.set(this.#inside.subarray(0, count), from);
  }

  /** Safe to call twice. */
  close(): void {
    if (this.#inside !== null) this.#memory.free(this.#inside.byteOffset);
    this.#inside = null;
  }
}
