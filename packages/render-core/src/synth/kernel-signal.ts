import type { KernelMemory } from './kernel-memory.js';

/** Lets the kernel work on arrays wherever they stand: those outside its memory are copied in and out. */
export class KernelSignal {
  readonly #memory: KernelMemory;
  readonly #frames: number;
  readonly #address: number;
  readonly #inside: Float32Array;

  constructor(memory: KernelMemory, frames: number) {
    this.#memory = memory;
    this.#frames = frames;
    this.#address = memory.allocate(frames * 4);
    this.#inside = memory.float32(this.#address, frames);
  }

  /** Most frames at a time. */
  get frames(): number {
    return this.#frames;
  }

  /** Address at which the kernel finds frames `from` to `from + count` of an array. */
  enter(array: Float32Array, from: number, count: number): number {
    const address = this.#memory.addressOf(array);
    if (address !== null) return address + from * 4;
    this.#inside.set(array.subarray(from, from + count));
    return this.#address;
  }

  /** Brings back what the kernel has made of them. */
  leave(array: Float32Array, from: number, count: number): void {
    if (this.#memory.addressOf(array) === null) array.set(this.#inside.subarray(0, count), from);
  }

  close(): void {
    this.#memory.free(this.#address);
  }
}
