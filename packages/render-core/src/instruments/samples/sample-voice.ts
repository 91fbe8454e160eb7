import { Envelope } from '../playing/envelope.js';
import type { ScheduledNote } from '../playing/note-schedule.js';
import { OnePole } from '../playing/one-pole.js';
import { SEGMENT_FRAMES, type Segment, type Voice } from '../playing/voice.js';
import type { Quality } from '../sound-source.js';
import { Biquad } from './biquad.js';
import { type InterpolationTable, interpolationTable, TABLE_PHASES } from './interpolator.js';
import type { PlayableSample } from './playable-sample.js';
import type { Region } from './region.js';

const { floor, min } = Math;

/** The sound of a region: as long as it loops, and after that. */
export interface RegionSound {
  readonly region: Region;
  readonly sample: PlayableSample;
  /** For loops that end with the key: the sample without its loop. */
  readonly afterLoop: PlayableSample | null;
}

/** How one start of a region differs from the next. */
export interface VoiceSettings {
  /** Frames of the sample per frame of the render while the wheel is at rest, both at the render's rate. */
  readonly speed: number;
  readonly gainLeft: number;
  readonly gainRight: number;
  /** Hz; null when the region has no filter. */
  readonly cutoff: number | null;
}

/** One region sounding. */
export class SampleVoice implements Voice {
  note!: ScheduledNote;
  region!: Region;
  dying = false;
  finished = true;
  releaseFrame = 0;
  private sample!: PlayableSample;
  private afterLoop: PlayableSample | null = null;
  private position = 0;
  private speed = 1;
  private gainLeft = 0;
  private gainRight = 0;
  private filtered = false;
  private table!: InterpolationTable;
  private tableSpeed = 0;
  private readonly envelope = new Envelope();
  private readonly filter = new Biquad();
  private readonly softening = new OnePole();
  private readonly levels = new Float64Array(SEGMENT_FRAMES);
  private readonly left = new Float64Array(SEGMENT_FRAMES);
  private readonly right = new Float64Array(SEGMENT_FRAMES);

  constructor(
    private readonly quality: Quality,
    private readonly sampleRate: number,
  ) {}

  start(note: ScheduledNote, sound: RegionSound, settings: VoiceSettings): void {
    const { region, sample } = sound;
    this.note = note;
    this.region = region;
    this.sample = sample;
    this.afterLoop = sound.afterLoop;
    this.position = region.offset * sample.rate;
    this.speed = settings.speed;
    this.gainLeft = settings.gainLeft;
    this.gainRight = settings.gainRight;
    this.filtered = settings.cutoff !== null;
    if (settings.cutoff !== null && region.filter !== null) {
      this.filter.start(region.filter.type, settings.cutoff, region.filter.resonance, this.sampleRate);
    }
    this.softening.start(note.event.lowPassHz ?? null, this.sampleRate);
    this.dying = false;
    this.finished = false;
    this.tableSpeed = 0;
    const playsOut = region.loopMode === 'one-shot' || region.trigger === 'release';
    this.releaseFrame = playsOut ? Number.POSITIVE_INFINITY : note.releaseFrame;
    const { onsetFrame, cutFrame } = note;
    this.envelope.start(region.envelope, this.sampleRate, this.releaseFrame - onsetFrame, cutFrame - onsetFrame);
  }

  cut(): void {
    this.dying = true;
    this.envelope.cut();
  }

  /** Lets go although the key is still down. */
  release(frame: number): void {
    this.releaseFrame = Math.min(this.releaseFrame, frame);
    this.envelope.release();
  }

  render(segment: Segment): void {
    const { frames } = segment;
    if (this.afterLoop !== null && segment.frame >= this.releaseFrame) this.leaveLoop(this.afterLoop);
    let from = 0;
    if (this.afterLoop !== null && segment.frame + frames > this.releaseFrame) {
      from = this.releaseFrame - segment.frame;
      this.read(segment, 0, from);
      this.leaveLoop(this.afterLoop);
    }
    this.read(segment, from, frames);
    if (this.filtered) {
      this.filter.run(this.left, frames, 0);
      if (this.sample.right !== null) this.filter.run(this.right, frames, 1);
    }
    this.softening.run(this.left, frames, 0);
    if (this.sample.right !== null) this.softening.run(this.right, frames, 1);
    const { levels, gainLeft, gainRight, left } = this;
    const right = this.sample.right === null ? left : this.right;
    this.envelope.fill(levels, frames);
    for (let i = 0; i < frames; i++) {
      segment.left[i]! += left[i]! * levels[i]! * gainLeft;
      segment.right[i]! += right[i]! * levels[i]! * gainRight;
    }
    this.finished = this.envelope.finished || this.position >= this.sample.end + this.table.taps;
  }

  /** Goes on to the end of the sample from the place in the loop. */
  private leaveLoop(rest: PlayableSample): void {
    const loopEnd = this.sample.wrapAt - this.sample.margin;
    if (this.position >= loopEnd) this.position -= this.sample.loopLength;
    this.sample = rest;
    this.afterLoop = null;
  }

  private read(segment: Segment, from: number, to: number): void {
    const { ratio, ratios } = segment;
    const { sample, left, right, speed } = this;
    this.chooseTable(speed * segment.targetRatio);
    let position = this.position;
    if (ratios === null && speed * ratio === 1 && Number.isInteger(position) && Number.isInteger(sample.loopLength)) {
      this.position = this.copy(position, from, to);
      return;
    }
    const { taps, weights } = this.table;
    const back = taps / 2 - 1 - sample.margin;
    const last = sample.left.length - taps;
    for (let i = from; i < to; i++) {
      if (position >= sample.wrapAt) {
        position -= (Math.floor((position - sample.wrapAt) / sample.loopLength) + 1) * sample.loopLength;
      }
      const whole = floor(position);
      const phase = (position - whole) * TABLE_PHASES;
      const row = floor(phase);
      const blend = phase - row;
      const first = whole - back;
      let l = 0;
      let r = 0;
      if (first <= last) {
        let at = row * taps;
        if (sample.right === null) {
          for (let tap = first; tap < first + taps; tap++, at++) {
            const low = weights[at]!;
            l += sample.left[tap]! * (low + blend * (weights[at + taps]! - low));
          }
        } else {
          for (let tap = first; tap < first + taps; tap++, at++) {
            const low = weights[at]!;
            const weight = low + blend * (weights[at + taps]! - low);
            l += sample.left[tap]! * weight;
            r += sample.right[tap]! * weight;
          }
        }
      }
      left[i] = l;
      right[i] = r;
      position += speed * (ratios === null ? ratio : ratios[i]!);
    }
    this.position = position;
  }

  /** At its own pitch a sample needs no interpolation. */
  private copy(start: number, from: number, to: number): number {
    const { sample, left, right } = this;
    let position = start;
    for (let i = from; i < to; i++) {
      if (position >= sample.wrapAt) position -= sample.loopLength;
      const index = min(position + sample.margin, sample.left.length - 1);
      left[i] = sample.left[index]!;
      right[i] = sample.right === null ? 0 : sample.right[index]!;
      position++;
    }
    return position;
  }

  private chooseTable(speed: number): void {
    if (speed === this.tableSpeed) return;
    this.tableSpeed = speed;
    this.table = interpolationTable(this.quality, speed);
  }
}
