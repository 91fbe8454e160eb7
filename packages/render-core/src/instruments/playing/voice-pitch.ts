import { CONTROL_FRAMES, MOST_INTERVALS } from './control-interval.js';
import { centsToRatio } from './gains.js';
import { triangle } from './lfo.js';
import { type PitchLine, SEGMENT_FRAMES, type Segment } from './voice.js';

/** How far the wheel bends, in cents at its ends, where an instrument decides that and not the channel. */
export interface BendRange {
  readonly up: number;
  readonly down: number;
}

/** What moves the pitch of an instrument by itself: envelopes, oscillators. */
export interface PitchMotion {
  /** Cents at an age in frames. */
  cents(age: number, segment: Segment): number;
}

/** What a voice begins with. */
export interface PitchStart {
  /** Portamento: how far away it starts, in cents, and how many frames it takes. */
  readonly glideCents: number;
  readonly glideFrames: number;
  /** What of the channel brings vibrato. */
  readonly wheelVibrato: boolean;
  readonly pressureVibrato: boolean;
  /** Null when the channel's own range counts. */
  readonly bend: BendRange | null;
  readonly motion: PitchMotion | null;
}

/**
 * Pitch of a voice over time, as a frequency ratio: the channel's wheel and tunings, and what belongs to the voice: portamento, vibrato, the motion
 * of its instrument. Between control points it moves in straight lines.
 */
export class VoicePitch {
  /** After {@link run}: the ratio of the stretch, or one value per frame while it moves. */
  ratio = 1;
  ratios: Float64Array | null = null;
  /** Parts of the stretch with the highest ratio of each: where they end, in frames from its start. */
  readonly ends = new Int32Array(MOST_INTERVALS);
  readonly tops = new Float64Array(MOST_INTERVALS);
  private readonly values = new Float64Array(SEGMENT_FRAMES);
  private given!: PitchStart;
  private age = 0;
  private cycles = 0;
  private from = 1;
  private to = 1;

  constructor(private readonly sampleRate: number) {}

  start(given: PitchStart): void {
    this.given = given;
    this.age = 0;
    this.cycles = 0;
  }

  /** Works out the next frames. */
  run(segment: Segment): void {
    const { frames } = segment;
    const line = this.given.bend === null ? segment.pitch : segment.unbent;
    if (this.age === 0) this.to = this.target(0, segment);
    let moves = false;
    let pieces = 0;
    for (let done = 0; done < frames; pieces++) {
      const into = this.age % CONTROL_FRAMES;
      if (into === 0) this.aim(segment);
      const until = Math.min(frames, done + CONTROL_FRAMES - into);
      const still = this.from === 1 && this.to === 1;
      if (!still && !moves) {
        this.copy(line, 0, done);
        moves = true;
      }
      if (moves) this.fill(line, done, until, into);
      this.ends[pieces] = until;
      this.tops[pieces] = line.targetRatio * Math.max(this.from, this.to);
      this.age += until - done;
      done = until;
    }
    this.ratio = line.ratio;
    this.ratios = moves ? this.values : line.ratios;
  }

  private aim(segment: Segment): void {
    this.cycles += (segment.channel.vibratoHertz * CONTROL_FRAMES) / this.sampleRate;
    this.from = this.to;
    this.to = this.target(this.age + CONTROL_FRAMES, segment);
  }

  private target(age: number, segment: Segment): number {
    const { glideCents, glideFrames, wheelVibrato, pressureVibrato, bend, motion } = this.given;
    const { channel } = segment;
    let cents = age < glideFrames ? glideCents * (1 - age / glideFrames) : 0;
    const depth = channel.vibratoCents(wheelVibrato, pressureVibrato);
    if (depth !== 0) cents += depth * triangle(this.cycles);
    if (bend !== null) cents += channel.wheel * (channel.wheel > 0 ? bend.up : -bend.down);
    if (motion !== null) cents += motion.cents(age, segment);
    return cents === 0 ? 1 : centsToRatio(cents);
  }

  private copy(line: PitchLine, from: number, to: number): void {
    for (let i = from; i < to; i++) this.values[i] = line.ratios === null ? line.ratio : line.ratios[i]!;
  }

  private fill(line: PitchLine, from: number, to: number, into: number): void {
    this.copy(line, from, to);
    const step = (this.to - this.from) / CONTROL_FRAMES;
    for (let i = from; i < to; i++) this.values[i]! *= this.from + step * (into + i - from);
  }
}
