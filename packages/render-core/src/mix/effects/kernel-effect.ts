import { KernelBlocks } from '../../synth/kernel-blocks.js';
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
  readonly #blocks = new KernelBlocks(this.memory);
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
    this.#blocks.close();
  }

  /** Changes the next `frames` frames of the signals at two addresses. */
  protected abstract run(left: number, right: number, frames: number): void;

  /** Takes memory filled with zeros. */
  protected take(bytes: number): number {
    return this.#blocks.take(bytes);
  }
}
