import * as at from './effects-layout.js';
import { type KernelMemory, kernelMemory } from './kernel-memory.js';
import { KernelSignal } from './kernel-signal.js';

/** Delays in seconds: no common factors, 22 to 59 ms for the lines, a few milliseconds for the diffusion before them. */
const LINES = [0.0221, 0.0257, 0.0303, 0.0349, 0.0397, 0.0463, 0.0529, 0.0587];
const DIFFUSERS = [0.0032, 0.0047, 0.0061, 0.0089];
/** Wet level at which a send sounds as loud as FluidSynth's reverb makes it with its own settings. */
const LEVEL = 0.237;
const BLOCK_FRAMES = 1024;

export interface ReverbSettings {
  readonly level: number;
  readonly roomSize: number;
  readonly damping: number;
  readonly width: number;
}

/** Seconds for 60 dB: a third of a second in a small room, six in a cathedral. */
export function reverberationTime(roomSize: number): number {
  return 0.33 * 18 ** roomSize;
}

/** A feedback delay network of eight lines behind four all-pass diffusers. */
export class ScoreWideReverb {
  readonly #memory: KernelMemory = kernelMemory();
  readonly #blocks: number[] = [];
  readonly #state: number;
  readonly #chunk: number;
  readonly #signals: readonly [KernelSignal, KernelSignal, KernelSignal];

  constructor(sampleRate: number, settings: ReverbSettings) {
    const memory = this.#memory;
    this.#state = this.#take(at.REVERB_BYTES);
    const ints = memory.int32(this.#state, at.REVERB_BYTES / 4);
    const floats = memory.float32(this.#state, at.REVERB_BYTES / 4);
    ints[at.REVERB_WORK >> 2] = this.#take(at.REVERB_WORK_BYTES);
    ints[at.REVERB_QUIET >> 2] = at.REVERB_REST;
    floats[at.REVERB_DAMPING >> 2] = 0.6 * settings.damping;
    const seconds = reverberationTime(settings.roomSize);
    // A longer tail holds more energy; the sum of all rounds is kept.
    const gain = settings.level * LEVEL * Math.sqrt(reverberationTime(0.5) / seconds);
    floats[at.REVERB_DIRECT >> 2] = gain * (0.5 + 0.5 * settings.width);
    floats[at.REVERB_CROSS >> 2] = gain * (0.5 - 0.5 * settings.width);
    let shortest = at.EFFECT_CHUNK;
    const place = (word: number, delaySeconds: number) => {
      const frames = Math.max(4, Math.round(delaySeconds * sampleRate));
      ints[word] = this.#take((frames + at.LINE_TRAVEL + 4) * 4);
      ints[word + 1] = frames;
      shortest = Math.min(shortest, frames & ~3);
      return frames;
    };
    for (const [index, delay] of LINES.entries()) {
      const word = (at.REVERB_LINES + index * at.LINE_BYTES) >> 2;
      const frames = place(word, delay);
      floats[word + 2] = 10 ** ((-3 * frames) / (sampleRate * seconds));
    }
    for (const [index, delay] of DIFFUSERS.entries()) {
      place((at.REVERB_DIFFUSERS + index * at.DIFFUSER_BYTES) >> 2, delay);
    }
    this.#chunk = shortest;
    const signal = () => new KernelSignal(memory, BLOCK_FRAMES);
    this.#signals = [signal(), signal(), signal()];
  }

  /** Adds the reverb of the input to both outputs. */
  process(input: Float32Array, left: Float32Array, right: Float32Array, frames: number): void {
    const [a, b, c] = this.#signals;
    for (let from = 0; from < frames; from += BLOCK_FRAMES) {
      const count = Math.min(BLOCK_FRAMES, frames - from);
      const inputAt = a.enter(input, from, count);
      const leftAt = b.enter(left, from, count);
      const rightAt = c.enter(right, from, count);
      this.#memory.kernel.reverb(this.#state, inputAt, leftAt, rightAt, count, this.#chunk);
      b.leave(left, from, count);
      c.leave(right, from, count);
    }
  }

  close(): void {
    if (this.#blocks.length === 0) return;
    for (const signal of this.#signals) signal.close();
    for (const block of this.#blocks.splice(0)) this.#memory.free(block);
  }

  #take(bytes: number): number {
    const address = this.#memory.allocate(bytes);
    this.#memory.float32(address, Math.ceil(bytes / 4)).fill(0);
    this.#blocks.push(address);
    return address;
  }
}
