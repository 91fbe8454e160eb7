import type { Section } from '../measure/k-weighting.js';
import type { AudioEffect } from './audio-effect.js';

/** A second-order section on both channels, in transposed direct form II. */
export class FilterEffect implements AudioEffect {
  readonly delaySeconds = 0;
  readonly linear = true;
  private readonly leftState = new Float64Array(2);
  private readonly rightState = new Float64Array(2);

  constructor(private readonly section: Section) {}

  process(left: Float32Array, right: Float32Array, frames: number): void {
    this.channel(left, this.leftState, frames);
    this.channel(right, this.rightState, frames);
  }

  private channel(samples: Float32Array, state: Float64Array, frames: number): void {
    const { b0, b1, b2, a1, a2 } = this.section;
    let s1 = state[0]!;
    let s2 = state[1]!;
    for (let i = 0; i < frames; i++) {
      const x = samples[i]!;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2 + 1e-30 - 1e-30;
      s2 = b2 * x - a2 * y + 1e-30 - 1e-30;
      samples[i] = y;
    }
    state[0] = s1;
    state[1] = s2;
  }
}
