import type { FilterType } from './region.js';

/** A second-order section in transposed direct form II for one or two channels; coefficients after the Audio EQ Cookbook (R. Bristow-Johnson). */
export class Biquad {
  private b0 = 1;
  private b1 = 0;
  private b2 = 0;
  private a1 = 0;
  private a2 = 0;
  private readonly state = new Float64Array(4);

  /** Forgets the past. */
  clear(): void {
    this.state.fill(0);
  }

  /** Cutoff in Hz; `resonance` is the height of the peak in dB, 0 is a Butterworth response. */
  set(type: FilterType, cutoff: number, resonance: number, sampleRate: number): void {
    const w = 2 * Math.PI * Math.min(0.49, Math.max(1e-5, cutoff / sampleRate));
    if (type === 'lowpass1' || type === 'highpass1') {
      this.firstOrder(type === 'lowpass1', Math.tan(w / 2));
      return;
    }
    const cosine = Math.cos(w);
    const alpha = Math.sin(w) / (2 * Math.SQRT1_2 * 10 ** (resonance / 20));
    const a0 = 1 + alpha;
    const [b0, b1, b2] = numerator(type, cosine, alpha);
    this.b0 = b0 / a0;
    this.b1 = b1 / a0;
    this.b2 = b2 / a0;
    this.a1 = (-2 * cosine) / a0;
    this.a2 = (1 - alpha) / a0;
  }

  /** Filters a stretch in place; `channel` is 0 or 1. */
  run(signal: Float64Array, from: number, to: number, channel: number): void {
    const { b0, b1, b2, a1, a2, state } = this;
    let s1 = state[2 * channel]!;
    let s2 = state[2 * channel + 1]!;
    for (let i = from; i < to; i++) {
      const x = signal[i]!;
      const y = b0 * x + s1;
      s1 = b1 * x - a1 * y + s2;
      s2 = b2 * x - a2 * y;
      signal[i] = y;
    }
    state[2 * channel] = s1;
    state[2 * channel + 1] = s2;
  }

  private firstOrder(low: boolean, k: number): void {
    this.b0 = (low ? k : 1) / (1 + k);
    this.b1 = low ? this.b0 : -this.b0;
    this.b2 = 0;
    this.a1 = (k - 1) / (k + 1);
    this.a2 = 0;
  }
}

function numerator(type: FilterType, cosine: number, alpha: number): [number, number, number] {
  switch (type) {
    case 'highpass2':
      return [(1 + cosine) / 2, -1 - cosine, (1 + cosine) / 2];
    case 'bandpass2':
      return [alpha, 0, -alpha];
    case 'bandreject2':
      return [1, -2 * cosine, 1];
    default:
      return [(1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2];
  }
}
