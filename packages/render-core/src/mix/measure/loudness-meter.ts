import { KWeightedEnergy } from './k-weighting.js';
import { LoudnessHistogram, lufs } from './loudness-histogram.js';

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
  private readonly channels: KWeightedEnergy[];
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
    channelCount: number,
  ) {
    this.channels = Array.from({ length: channelCount }, () => new KWeightedEnergy(sampleRate));
    this.stepEnd = this.endOfStep(0);
  }

  /** @param signal one array per channel */
  process(signal: readonly Float32Array[], frames: number): void {
    let position = 0;
    while (position < frames) {
      const next = Math.min(frames, position + this.stepEnd - this.frame);
      for (let channel = 0; channel < this.channels.length; channel++)
        this.channels[channel]!.process(signal[channel]!, position, next);
      this.frame += next - position;
      position = next;
      if (this.frame === this.stepEnd) this.closeStep();
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

  private closeStep(): void {
    const length = this.stepEnd - (this.stepCount === 0 ? 0 : this.endOfStep(this.stepCount - 1));
    let sum = 0;
    for (const channel of this.channels) {
      sum += channel.energy;
      channel.energy = 0;
    }
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
