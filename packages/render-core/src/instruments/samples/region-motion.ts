import { CONTROL_FRAMES } from '../playing/control-interval.js';
import { centsToRatio, decibelsToGain } from '../playing/gains.js';
import type { Segment } from '../playing/voice.js';
import type { PitchMotion } from '../playing/voice-pitch.js';
import { Biquad } from './biquad.js';
import { envelopeLevel, type MotionEnvelopeShape } from './motion-envelope.js';
import { controllerSum, oscillatorValue } from './motion-oscillator.js';
import type { Region, RegionMotion } from './region.js';

/** The envelopes and oscillators of one voice's region at work: on its pitch, its filter and its level. */
export class MotionState implements PitchMotion {
  private region!: Region;
  private motion: RegionMotion | null = null;
  private velocity = 0;
  private releaseSeconds = 0;
  private cutoff = 0;
  private gainFrom = 1;
  private gainTo = 1;
  private readonly filter = new Biquad();

  constructor(private readonly sampleRate: number) {}

  /** `cutoff` in Hz is where the filter rests; the release is counted in frames from the onset. */
  start(region: Region, velocity: number, cutoff: number, releaseAge: number): void {
    this.region = region;
    this.motion = region.motion;
    this.velocity = velocity / 127;
    this.releaseSeconds = releaseAge / this.sampleRate;
    this.cutoff = cutoff;
    this.filter.clear();
    if (region.filter !== null) this.filter.set(region.filter.type, cutoff, region.filter.resonance, this.sampleRate);
  }

  /** Moves the release, which must not have come. */
  release(age: number): void {
    this.releaseSeconds = Math.min(this.releaseSeconds, age / this.sampleRate);
  }

  get movesPitch(): boolean {
    return this.motion !== null && (this.motion.pitchEnvelope !== null || this.motion.pitchOscillator !== null);
  }

  cents(age: number, segment: Segment): number {
    if (this.motion === null) return 0;
    const { pitchEnvelope, pitchOscillator } = this.motion;
    const time = age / this.sampleRate;
    const cents = pitchEnvelope === null ? 0 : this.envelope(pitchEnvelope, time);
    return pitchOscillator === null ? cents : cents + oscillatorValue(pitchOscillator, time, segment);
  }

  /** Filters a stretch that begins at an age, in place; `right` is null for mono. */
  runFilter(left: Float64Array, right: Float64Array | null, age: number, segment: Segment): void {
    const { frames } = segment;
    const { filter } = this.region;
    if (filter === null) return;
    const moves = this.motion?.movesFilter ?? false;
    for (let at = 0; at < frames; ) {
      const into = (age + at) % CONTROL_FRAMES;
      if (moves && into === 0) {
        const cutoff = this.cutoff * centsToRatio(this.cutoffCents(age + at, segment));
        this.filter.set(filter.type, cutoff, filter.resonance, this.sampleRate);
      }
      const until = moves ? Math.min(frames, at + CONTROL_FRAMES - into) : frames;
      this.filter.run(left, at, until, 0);
      if (right !== null) this.filter.run(right, at, until, 1);
      at = until;
    }
  }

  /** Moves the levels of a stretch that begins at an age. */
  moveLevels(levels: Float64Array, age: number, segment: Segment): void {
    const oscillator = this.motion?.levelOscillator ?? null;
    if (oscillator === null) return;
    const { frames } = segment;
    const gainAt = (at: number) => decibelsToGain(oscillatorValue(oscillator, at / this.sampleRate, segment));
    if (age === 0) this.gainTo = gainAt(0);
    for (let i = 0; i < frames; i++) {
      const into = (age + i) % CONTROL_FRAMES;
      if (into === 0) {
        this.gainFrom = this.gainTo;
        this.gainTo = gainAt(age + i + CONTROL_FRAMES);
      }
      levels[i]! *= this.gainFrom + ((this.gainTo - this.gainFrom) * into) / CONTROL_FRAMES;
    }
  }

  private cutoffCents(age: number, segment: Segment): number {
    const { filterEnvelope, filterOscillator, cutoffControllers, cutoffPressure } = this.motion!;
    const time = age / this.sampleRate;
    const { channel } = segment;
    let cents =
      controllerSum(cutoffControllers, channel.controllers) + (cutoffPressure * channel.channelPressure) / 127;
    if (filterEnvelope !== null) cents += this.envelope(filterEnvelope, time);
    if (filterOscillator !== null) cents += oscillatorValue(filterOscillator, time, segment);
    return cents;
  }

  private envelope(shape: MotionEnvelopeShape, time: number): number {
    return envelopeLevel(shape, time, this.releaseSeconds) * (shape.depth + shape.velocityDepth * this.velocity);
  }
}
