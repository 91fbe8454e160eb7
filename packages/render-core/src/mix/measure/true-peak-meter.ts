import {
  DENSE_ENOUGH_RATE,
  INTERPOLATOR_TAPS,
  interpolatedPeak,
  LARGEST_INTERPOLATOR_GAIN,
} from './true-peak-interpolator.js';

const { max, min } = Math;
/** Stretches this long are passed over when they cannot hold a new maximum. */
const STRETCH = 16;
const PAST = INTERPOLATOR_TAPS - 1;

/** Largest sample and largest true peak (BS.1770-4 annex 2) of one channel, both as linear amplitudes. */
export class TruePeakMeter {
  samplePeak = 0;
  private betweenPeak = 0;
  private readonly interpolates: boolean;
  private readonly window = new Float64Array(STRETCH + PAST);

  constructor(sampleRate: number) {
    this.interpolates = sampleRate < DENSE_ENOUGH_RATE;
  }

  /** The larger of both: a signal is never below its own samples. */
  get truePeak(): number {
    return max(this.samplePeak, this.betweenPeak);
  }

  process(samples: Float32Array, frames: number): void {
    for (let start = 0; start < frames; start += STRETCH) {
      this.stretch(samples, start, min(frames - start, STRETCH));
    }
  }

  /** Lets the interpolator run out behind the last sample. */
  finish(): void {
    this.process(new Float32Array(INTERPOLATOR_TAPS), INTERPOLATOR_TAPS);
  }

  private stretch(samples: Float32Array, start: number, count: number): void {
    const window = this.window;
    let highest = 0;
    for (let i = 0; i < count; i++) {
      const value = samples[start + i]!;
      window[PAST + i] = value;
      const magnitude = value < 0 ? -value : value;
      if (magnitude > highest) highest = magnitude;
    }
    if (highest > this.samplePeak) this.samplePeak = highest;
    for (let i = 0; i < PAST; i++) {
      const value = window[i]!;
      const magnitude = value < 0 ? -value : value;
      if (magnitude > highest) highest = magnitude;
    }
    if (this.interpolates && highest * LARGEST_INTERPOLATOR_GAIN > this.truePeak) {
      for (let i = 0; i < count; i++) {
        const peak = interpolatedPeak(window, PAST + i, -1);
        if (peak > this.betweenPeak) this.betweenPeak = peak;
      }
    }
    for (let i = 0; i < PAST; i++) window[i] = window[i + count]!;
  }
}
