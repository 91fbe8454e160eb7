import { KernelEffect } from './kernel-effect.js';

/** Shortest delay of a voice: apart enough from the dry sound not to flange. */
const NEAREST_SECONDS = 0.006;

/** One delay line for each channel, swept by sines a quarter turn apart; output = (1 - mix) dry + mix wet. */
export class ChorusEffect extends KernelEffect {
  readonly delaySeconds: number;
  readonly linear = true;
  /** Sine and cosine of the sweep, and the write position. */
  readonly #state = this.take(32);
  readonly #left: number;
  readonly #right: number;
  readonly #bytes: number;
  readonly #centre: number;
  readonly #depth: number;
  readonly #step: number;

  constructor(
    sampleRate: number,
    private readonly mix: number,
    rateHz: number,
    depthSeconds: number,
  ) {
    super();
    this.#depth = (depthSeconds / 2) * sampleRate;
    this.#centre = NEAREST_SECONDS * sampleRate + this.#depth;
    this.delaySeconds = NEAREST_SECONDS + depthSeconds;
    this.#bytes = 4 * 2 ** Math.ceil(Math.log2(this.#centre + this.#depth + 3));
    this.#left = this.take(this.#bytes);
    this.#right = this.take(this.#bytes);
    this.#step = (2 * Math.PI * rateHz) / sampleRate;
    this.memory.float64(this.#state, 2)[1] = 1;
  }

  protected run(left: number, right: number, frames: number): void {
    const [sin, cos] = [Math.sin(this.#step), Math.cos(this.#step)];
    const mask = this.#bytes - 1;
    this.kernel.sweep(
      ...[this.#state, this.#left, this.#right, mask],
      ...[left, right, frames, this.#centre, this.#depth, sin, cos, this.mix],
    );
  }
}
