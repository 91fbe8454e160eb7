import * as at from './effects-layout.js';
import { KernelBlocks } from './kernel-blocks.js';
import { type KernelMemory, kernelMemory } from './kernel-memory.js';
import { KernelSignal } from './kernel-signal.js';

/** Delay in seconds that the copies move around, how far, and how often a second. */
const MIDDLE = 0.0105;
const DEPTH = 0.0042;
const CYCLES = 0.3;
/** Wet level at which a send sounds as loud as FluidSynth's chorus makes it with its own settings. */
const LEVEL = 3.9;
const BLOCK_FRAMES = 1024;

/** Three delayed copies whose delays swing a third of a cycle apart. */
export class ScoreWideChorus {
  readonly #memory: KernelMemory = kernelMemory();
  readonly #state: number;
  readonly #blocks = new KernelBlocks(this.#memory);
  readonly #signals: readonly [KernelSignal, KernelSignal, KernelSignal];

  constructor(sampleRate: number, level: number) {
    const memory = this.#memory;
    this.#state = this.#blocks.take(at.CHORUS_BYTES);
    const ints = memory.int32(this.#state, at.CHORUS_BYTES / 4);
    const floats = memory.float32(this.#state, at.CHORUS_BYTES / 4);
    const length = Math.ceil((MIDDLE + DEPTH) * sampleRate) + 8;
    ints[at.CHORUS_LINE >> 2] = this.#blocks.take(4 * (length + at.CHORUS_MOST_TRAVEL));
    ints[at.CHORUS_LENGTH >> 2] = length;
    ints[at.CHORUS_QUIET >> 2] = length;
    floats[at.CHORUS_GAIN >> 2] = level * LEVEL;
    floats[at.CHORUS_STEP >> 2] = CYCLES / sampleRate;
    floats[at.CHORUS_MIDDLE >> 2] = MIDDLE * sampleRate;
    floats[at.CHORUS_DEPTH >> 2] = DEPTH * sampleRate;
    const signal = () => new KernelSignal(memory, BLOCK_FRAMES);
    this.#signals = [signal(), signal(), signal()];
  }

  /** Adds the chorus of the input to both outputs. */
  process(input: Float32Array, left: Float32Array, right: Float32Array, frames: number): void {
    const [a, b, c] = this.#signals;
    for (let from = 0; from < frames; from += BLOCK_FRAMES) {
      const count = Math.min(BLOCK_FRAMES, frames - from);
      const inputAt = a.enter(input, from, count);
      const leftAt = b.enter(left, from, count);
      const rightAt = c.enter(right, from, count);
      this.#memory.kernel.chorus(this.#state, inputAt, leftAt, rightAt, count);
      b.leave(left, from, count);
      c.leave(right, from, count);
    }
  }

  /** Safe to call twice. */
  close(): void {
    for (const signal of this.#signals) signal.close();
    this.#blocks.close();
  }
}
