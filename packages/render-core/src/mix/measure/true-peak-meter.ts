import { BENCH_FRAMES, BENCH_PAST, measuringBench } from './measuring-bench.js';

const { max, min } = Math;

/** Length of the interpolator of BS.1770-4 annex 2 in samples. */
export const INTERPOLATOR_TAPS = 12;
/** From this rate on the samples themselves are as dense as annex 2 asks for, and nothing is interpolated. */
export const DENSE_ENOUGH_RATE = 192000;

/** Largest sample and largest true peak (BS.1770-4 annex 2) of one channel, both as linear amplitudes. */
export class TruePeakMeter {
  samplePeak = 0;
  private betweenPeak = 0;
  private readonly interpolates: boolean;
  private readonly past = new Float32Array(BENCH_PAST);

  constructor(sampleRate: number) {
    this.interpolates = sampleRate < DENSE_ENOUGH_RATE;
  }

  /** The larger of both: a signal is never below its own samples. */
  get truePeak(): number {
    return max(this.samplePeak, this.betweenPeak);
  }

  process(samples: Float32Array, frames: number): void {
    const bench = measuringBench();
    const { kernel } = bench;
    const [line] = bench.lines;
    for (let from = 0; from < frames; from += BENCH_FRAMES) {
      const count = min(frames - from, BENCH_FRAMES);
      bench.lay(0, samples, from, count);
      this.samplePeak = max(this.samplePeak, kernel.samplePeak(line, count));
      if (this.interpolates) {
        bench.layPast(0, this.past);
        this.betweenPeak = kernel.truePeak(line, count, this.truePeak);
        bench.takePast(0, count, this.past);
      }
    }
  }

  /** Lets the interpolator run out behind the last sample. */
  finish(): void {
    this.process(new Float32Array(INTERPOLATOR_TAPS), INTERPOLATOR_TAPS);
  }
}
