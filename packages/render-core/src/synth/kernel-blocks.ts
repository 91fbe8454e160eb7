import type { KernelMemory } from './kernel-memory.js';

/** Blocks of kernel memory that belong together and are given back together. */
export class KernelBlocks {
  readonly #memory: KernelMemory;
  readonly #addresses: number[] = [];

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /** Takes memory filled with zeros, with room for one more vector behind it. Returns its address. */
  take(bytes: number): number {
    const size = (bytes + 19) & ~3;
    const address = this.#memory.allocate(size);
    this.#addresses.push(address);
    this.#memory.int32(address, size / 4).fill(0);
    return address;
  }

  /** Safe to call twice. */
  close(): void {
    for (const address of this.#addresses.splice(0)) this.#memory.free(address);
  }
}
