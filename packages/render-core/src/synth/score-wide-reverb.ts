import { DelayNetwork } from './delay-network.js';
import { kernelMemory } from './kernel-memory.js';
import { KernelSignal } from './kernel-signal.js';

/** Delays in seconds: no common factors, 22 to 59 ms for the lines, a few milliseconds for the diffusion before them. */
const LINES = [0.0221, 0.0257, 0.0303, 0.0349, 0.0397, 0.0463, 0.0529, 0.0587];
export const DIFFUSERS = [0.0032, 0.0047, 0.0061, 0.0089];
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

/** The reverb that all parts of a score share. */
export class ScoreWideReverb {
  readonly #network: DelayNetwork;
  readonly #signals: readonly [KernelSignal, KernelSignal, KernelSignal];

  constructor(sampleRate: number, settings: ReverbSettings) {
    const memory = kernelMemory();
    const seconds = reverberationTime(settings.roomSize);
    this.#network = new DelayNetwork(memory, sampleRate, {
      lineSeconds: LINES,
      diffuserSeconds: DIFFUSERS,
      decaySeconds: seconds,
      damping: 0.6 * settings.damping,
      // A longer tail holds more energy; the sum of all rounds is kept.
      gain: settings.level * LEVEL * Math.sqrt(reverberationTime(0.5) / seconds),
      width: settings.width,
    });
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
      this.#network.add(inputAt, leftAt, rightAt, count);
      b.leave(left, from, count);
      c.leave(right, from, count);
    }
  }

  /** Safe to call twice. */
  close(): void {
    this.#network.close();
    for (const signal of this.#signals) signal.close();
  }
}
