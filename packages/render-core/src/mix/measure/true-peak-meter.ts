/** Phases of the 48-tap interpolator of ITU-R BS.1770-4 annex 2, table 2. */
const PHASES: readonly (readonly number[])[] = [
  [
    0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625, 0.97216796875,
    -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125,
  ],
  [
    -0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625, 0.77978515625,
    -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375,
  ],
  [
    -0.0189208984375, 0.0330810546875, -0.0582275390625, 0.1015625, -0.2003173828125, 0.77978515625, 0.465087890625,
    -0.16650390625, 0.089111328125, -0.0517578125, 0.029296875, -0.0291748046875,
  ],
  [
    -0.00830078125, 0.014892578125, -0.026611328125, 0.047607421875, -0.102294921875, 0.97216796875, 0.1373291015625,
    -0.0594482421875, 0.033203125, -0.0196533203125, 0.010986328125, 0.001708984375,
  ],
];
const TAPS = 12;
/** No phase can make more of a signal than its largest sample times the sum of the coefficients' magnitudes. */
const LARGEST_GAIN = Math.max(...PHASES.map((phase) => phase.reduce((sum, tap) => sum + Math.abs(tap), 0)));
/** Stretches this long are passed over when they cannot hold a new maximum. */
const STRETCH = 32;

/** Interpolated points between two samples that BS.1770-4 annex 2 asks for at a sample rate: enough to look at 192 kHz or more. */
export function truePeakPhases(sampleRate: number): readonly (readonly number[])[] {
  if (sampleRate >= 192000) return [];
  if (sampleRate >= 96000) return [PHASES[0]!, PHASES[2]!];
  return PHASES;
}

/** Largest sample and largest true peak (BS.1770-4 annex 2) of one channel, both as linear amplitudes. */
export class TruePeakMeter {
  samplePeak = 0;
  private interpolatedPeak = 0;
  private readonly taps: Float64Array;
  private readonly window = new Float64Array(STRETCH + TAPS - 1);

  constructor(sampleRate: number) {
    this.taps = Float64Array.from(truePeakPhases(sampleRate).flat());
  }

  /** The larger of both: a signal is never below its own samples. */
  get truePeak(): number {
    return Math.max(this.samplePeak, this.interpolatedPeak);
  }

  process(samples: Float32Array, frames: number): void {
    for (let start = 0; start < frames; start += STRETCH)
      this.stretch(samples, start, Math.min(STRETCH, frames - start));
  }

  /** Lets the interpolator run out behind the last sample. */
  finish(): void {
    this.process(new Float32Array(TAPS), TAPS);
  }

  private stretch(samples: Float32Array, start: number, count: number): void {
    const window = this.window;
    let highest = 0;
    for (let i = 0; i < count; i++) {
      const value = samples[start + i]!;
      window[TAPS - 1 + i] = value;
      const magnitude = value < 0 ? -value : value;
      if (magnitude > highest) highest = magnitude;
    }
    if (highest > this.samplePeak) this.samplePeak = highest;
    for (let i = 0; i < TAPS - 1; i++) {
      const value = window[i]!;
      const magnitude = value < 0 ? -value : value;
      if (magnitude > highest) highest = magnitude;
    }
    if (highest * LARGEST_GAIN > this.truePeak) this.interpolate(count);
    window.copyWithin(0, count, count + TAPS - 1);
  }

  private interpolate(count: number): void {
    const { window, taps } = this;
    let peak = this.interpolatedPeak;
    for (let i = 0; i < count; i++) {
      for (let phase = 0; phase < taps.length; phase += TAPS) {
        let sum = 0;
        for (let tap = 0; tap < TAPS; tap++) sum += taps[phase + tap]! * window[i + TAPS - 1 - tap]!;
        const magnitude = sum < 0 ? -sum : sum;
        if (magnitude > peak) peak = magnitude;
      }
    }
    this.interpolatedPeak = peak;
  }
}
