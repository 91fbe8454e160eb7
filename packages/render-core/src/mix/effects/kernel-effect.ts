import { type Kernel, type KernelMemory, kernelMemory } from '../../synth/kernel-memory.js';
import { KernelSignal } from '../../synth/kernel-signal.js';
import type { AudioEffect } from './audio-effect.js';

/** Most frames that {@link KernelEffect.run} is given at once. */
export const EFFECT_FRAMES = 1024;

/** An effect that the kernel computes, in place where the signal stands in its memory. */
export abstract class KernelEffect implements AudioEffect {
  abstract readonly delaySeconds: number;
  abstract readonly linear: boolean;
  protected readonly memory: KernelMemory = kernelMemory();
  protected readonly kernel: Kernel = this.memory.kernel;
  readonly #blocks: number[] = [];
  readonly #left = new KernelSignal(this.memory, EFFECT_FRAMES);
  readonly #right = new KernelSignal(this.memory, EFFECT_FRAMES);

  process(left: Float32Array, right: Float32Array, frames: number): void {
    for (let from = 0; from < frames; from += EFFECT_FRAMES) {
      const count = Math.min(EFFECT_FRAMES, frames - from);
      this.run(this.#left.enter(left, from, count), this.#right.enter(right, from, count), count);
      this.#left.leave(left, from, count);
      this.#right.leave(right, from, count);
    }
  }

  close(): void {
    this.#left.close();
    this.#right.close();
    for (const block of this.#blocks.splice(0)) this.memory.free(block);
  }

  /** Changes the next `frames` frames of the signals at two addresses. */
  protected abstract run(left: number, right: number, frames: number): void;

  /** Takes memory filled with zeros, with room for a vector behind it. */
  protected take(bytes: number): number {
    const address = this.memory.allocate(bytes + 16);
    this.memory.float32(address, bytes / 4 + 4).fill(0);
    this.#blocks.push(address);
    return address;
  }
}
