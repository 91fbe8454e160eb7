import { WEIGHED_ENERGY, weighingState } from './k-weighting.js';
import { LoudnessHistogram, lufs } from './loudness-histogram.js';
import { BENCH_FRAMES, measuringBench } from './measuring-bench.js';

/** The loudest 400 ms are found to 10 ms (EBU Tech 3341 case 13); gating blocks and short-term values follow each other at 100 ms (BS.1770-4, EBU Tech 3342). */
const STEPS_PER_SECOND = 100;
const STEPS_PER_BLOCK = 10;
const MOMENTARY_STEPS = 40;
const SHORT_TERM_STEPS = 300;

export interface LoudnessMeasures {
  readonly loudnessLufs: number | null;
  readonly loudnessRangeLu: number | null;
  readonly momentaryMaxLufs: number | null;
  readonly shortTermMaxLufs: number | null;
}

/** Loudness after BS.1770-4 and EBU R 128 of a mono or stereo signal at any sample rate. */
export class LoudnessMeter {
  private readonly state: Float64Array;
  /** Mean squares of the last steps, a ring. */
  private readonly steps = new Float64Array(SHORT_TERM_STEPS);
  private stepCount = 0;
  private frame = 0;
  private stepEnd: number;
  private readonly blocks = new LoudnessHistogram();
  private readonly shortTerms = new LoudnessHistogram();
  private highestMomentary = 0;
  private highestShortTerm = 0;

  constructor(
    private readonly sampleRate: number,
    private readonly channelCount: number,
  ) {
    this.state = weighingState(sampleRate);
    this.stepEnd = this.endOfStep(0);
  }

  /** @param signal one array per channel */
  process(signal: readonly Float32Array[], frames: number): void {
    const bench = measuringBench();
    const { kernel, stateAddress, lines } = bench;
    const second = this.channelCount === 1 ? lines[0] : lines[1];
    for (let from = 0; from < frames; from += BENCH_FRAMES) {
      const count = Math.min(BENCH_FRAMES, frames - from);
      bench.lay(0, signal[0]!, from, count);
      if (this.channelCount > 1) bench.lay(1, signal[1]!, from, count);
      bench.state.set(this.state);
      for (let position = 0; position < count; ) {
        const length = Math.min(count - position, this.stepEnd - this.frame);
        kernel.weigh(stateAddress, lines[0] + 4 * position, second + 4 * position, length);
        this.frame += length;
        position += length;
        if (this.frame === this.stepEnd) this.closeStep(bench.state);
      }
      this.state.set(bench.state);
    }
  }

  /**
   * What the signal measures after a gain in dB.
   *
   * @returns integrated loudness in LUFS (null when nothing lies above the gates, or the signal is shorter than one block of 400 ms),
   * loudness range in LU (EBU Tech 3342; null also below 3 s), and the loudest 400 ms and 3 s in LUFS (null for silence)
   */
  measures(gainDb: number): LoudnessMeasures {
    const loudest = (meanSquare: number) => (meanSquare > 0 ? lufs(meanSquare) + gainDb : null);
    return {
      loudnessLufs: this.blocks.gatedLoudness(10, gainDb),
      loudnessRangeLu: this.shortTerms.range(20, gainDb),
      momentaryMaxLufs: loudest(this.highestMomentary),
      shortTermMaxLufs: loudest(this.highestShortTerm),
    };
  }

  private endOfStep(step: number): number {
    return Math.round(((step + 1) * this.sampleRate) / STEPS_PER_SECOND);
  }

  private closeStep(state: Float64Array): void {
    const length = this.stepEnd - (this.stepCount === 0 ? 0 : this.endOfStep(this.stepCount - 1));
    const sum = state[WEIGHED_ENERGY]! + (this.channelCount > 1 ? state[WEIGHED_ENERGY + 1]! : 0);
    state.fill(0, WEIGHED_ENERGY, WEIGHED_ENERGY + 2);
    this.steps[this.stepCount % SHORT_TERM_STEPS] = sum / length;
    this.stepCount++;
    this.stepEnd = this.endOfStep(this.stepCount);
    const blockEnds = this.stepCount % STEPS_PER_BLOCK === 0;
    if (this.stepCount >= MOMENTARY_STEPS) {
      const momentary = this.meanOfLast(MOMENTARY_STEPS);
      this.highestMomentary = Math.max(this.highestMomentary, momentary);
      if (blockEnds) this.blocks.add(momentary);
    }
    if (this.stepCount >= SHORT_TERM_STEPS && blockEnds) {
      const shortTerm = this.meanOfLast(SHORT_TERM_STEPS);
      this.highestShortTerm = Math.max(this.highestShortTerm, shortTerm);
      this.shortTerms.add(shortTerm);
    }
  }

  private meanOfLast(count: number): number {
    let sum = 0;
    for (let i = 1; i <= count; i++) sum += this.steps[(this.stepCount - i) % SHORT_TERM_STEPS]!;
    return sum / count;
  }
}
