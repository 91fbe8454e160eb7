import * as at from './effects-layout.js';
import { KernelBlocks } from './kernel-blocks.js';
import type { KernelMemory } from './kernel-memory.js';

export interface NetworkSettings {
  /** Eight delays of the lines and four of the diffusers before them. */
  readonly lineSeconds: readonly number[];
  readonly diffuserSeconds: readonly number[];
  /** Time of decay by 60 dB at low frequencies. */
  readonly decaySeconds: number;
  /** Pole of the lines' one-pole low passes, 0 to 1. */
  readonly damping: number;
  /** Gain of the wet sound. */
  readonly gain: number;
  /** 0 mono to 1 wide. */
  readonly width: number;
}

/** A feedback delay network (Jot 1991) in the kernel: eight lines behind four all-pass diffusers. The same for any division into blocks. */
export class DelayNetwork {
  readonly #memory: KernelMemory;
  readonly #blocks: KernelBlocks;
  readonly #state: number;

  constructor(memory: KernelMemory, sampleRate: number, settings: NetworkSettings) {
    this.#memory = memory;
    this.#blocks = new KernelBlocks(memory);
    this.#state = this.#blocks.take(at.NETWORK_BYTES);
    const ints = memory.int32(this.#state, at.NETWORK_BYTES / 4);
    const floats = memory.float32(this.#state, at.NETWORK_BYTES / 4);
    ints[at.NETWORK_WORK >> 2] = this.#blocks.take(at.NETWORK_WORK_BYTES);
    ints[at.NETWORK_QUIET >> 2] = at.NETWORK_REST;
    floats[at.NETWORK_DAMPING >> 2] = settings.damping;
    floats[at.NETWORK_DIRECT >> 2] = settings.gain * (0.5 + 0.5 * settings.width);
    floats[at.NETWORK_CROSS >> 2] = settings.gain * (0.5 - 0.5 * settings.width);
    const place = (offset: number, index: number, delaySeconds: number) => {
      const frames = Math.max(4, Math.round(delaySeconds * sampleRate));
      const word = (offset + index * at.RING_BYTES) >> 2;
      ints[word] = this.#blocks.take(frames * 4);
      ints[word + 1] = frames;
      return frames;
    };
    const lines = settings.lineSeconds.map((delay, index) => place(at.NETWORK_LINES, index, delay));
    const diffusers = settings.diffuserSeconds.map((delay, index) => place(at.NETWORK_DIFFUSERS, index, delay));
    for (const [index, frames] of lines.entries())
      floats[(at.NETWORK_GAINS >> 2) + index] = 10 ** ((-3 * frames) / (sampleRate * settings.decaySeconds));
    ints[at.NETWORK_CHUNK >> 2] = Math.min(at.EFFECT_CHUNK, ...lines, ...diffusers) & ~3;
  }

  /** Adds the wet sound of `frames` frames of an input to two outputs, all of them addresses in kernel memory. */
  add(input: number, left: number, right: number, frames: number): void {
    this.#memory.kernel.reverb(this.#state, input, left, right, frames);
  }

  /** Safe to call twice. */
  close(): void {
    this.#blocks.close();
  }
}
