import { kernelMemory } from './kernel-memory.js';

/** Signals in kernel memory that are worked on block by block. */
export class KernelBlock {
  /** One array per channel. */
  readonly channels: readonly Float32Array[];
  readonly #memory = kernelMemory();
  #address: number | null;

  /** @param frames of each channel; a multiple of 4 */
  constructor(channelCount: number, frames: number) {
    const address = this.#memory.allocate(channelCount * frames * 4);
    this.#address = address;
    this.channels = Array.from({ length: channelCount }, (_, channel) =>
      this.#memory.float32(address + channel * frames * 4, frames).fill(0),
    );
  }

  /** The arrays are void then. Safe to call twice. */
  close(): void {
    if (this.#address !== null) this.#memory.free(this.#address);
    this.#address = null;
  }
}
