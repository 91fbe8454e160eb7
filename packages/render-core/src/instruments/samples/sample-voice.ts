import { Envelope } from '../playing/envelope.js';
import type { ScheduledNote } from '../playing/note-schedule.js';
import { OnePole } from '../playing/one-pole.js';
import { SEGMENT_FRAMES, type Segment, type Voice } from '../playing/voice.js';
import { VoicePitch } from '../playing/voice-pitch.js';
import type { Quality } from '../sound-source.js';
import { type InterpolationTable, interpolationTable, TABLE_PHASES } from './interpolator.js';
import type { PlayableSample } from './playable-sample.js';
import type { Region } from './region.js';
import { MotionState } from './region-motion.js';

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
  /** Portamento: how far away it starts, in cents, and how many frames it takes. */
  readonly glideCents: number;
  readonly glideFrames: number;
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
  /** Frames since the onset. */
  private age = 0;
  private table!: InterpolationTable;
  private tableSpeed = 0;
  private readonly envelope = new Envelope();
  private readonly pitch: VoicePitch;
  private readonly motion: MotionState;
  private readonly softening = new OnePole();
  private readonly levels = new Float64Array(SEGMENT_FRAMES);
  private readonly left = new Float64Array(SEGMENT_FRAMES);
  private readonly right = new Float64Array(SEGMENT_FRAMES);

  constructor(
    private readonly quality: Quality,
    private readonly sampleRate: number,
  ) {
    this.pitch = new VoicePitch(sampleRate);
    this.motion = new MotionState(sampleRate);
  }

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
    this.age = 0;
    this.softening.start(note.event.lowPassHz ?? null, this.sampleRate);
    this.dying = false;
    this.finished = false;
    this.tableSpeed = 0;
    const playsOut = region.loopMode === 'one-shot' || region.trigger === 'release';
    this.releaseFrame = playsOut ? Number.POSITIVE_INFINITY : note.releaseFrame;
    const { onsetFrame, cutFrame } = note;
    this.motion.start(region, note.event.velocity, settings.cutoff ?? 0, this.releaseFrame - onsetFrame);
    this.pitch.start({
      glideCents: settings.glideCents,
      glideFrames: settings.glideFrames,
      wheelVibrato: region.wheelVibrato,
      pressureVibrato: region.pressureVibrato,
      bend: region.bend,
      motion: this.motion.movesPitch ? this.motion : null,
    });
    this.envelope.start(region.envelope, this.sampleRate, this.releaseFrame - onsetFrame, cutFrame - onsetFrame);
  }

  cut(): void {
    this.dying = true;
    this.envelope.cut();
  }

  /** Lets go although the key is still down. */
  release(frame: number): void {
    this.releaseFrame = Math.min(this.releaseFrame, frame);
    this.motion.release(this.age);
    this.envelope.release();
  }

  render(segment: Segment): void {
    const { frames } = segment;
    this.pitch.run(segment);
    if (this.afterLoop !== null && segment.frame >= this.releaseFrame) this.leaveLoop(this.afterLoop);
    let from = 0;
    if (this.afterLoop !== null && segment.frame + frames > this.releaseFrame) {
      from = this.releaseFrame - segment.frame;
      this.read(0, from);
      this.leaveLoop(this.afterLoop);
    }
    this.read(from, frames);
    this.motion.runFilter(this.left, this.sample.right === null ? null : this.right, this.age, segment);
    this.softening.run(this.left, frames, 0);
    if (this.sample.right !== null) this.softening.run(this.right, frames, 1);
    const { levels, gainLeft, gainRight, left } = this;
    const right = this.sample.right === null ? left : this.right;
    this.envelope.fill(levels, frames);
    this.motion.moveLevels(levels, this.age, segment);
    this.age += frames;
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

  /** Reads a stretch, each part of it with the table for its highest speed. */
  private read(from: number, to: number): void {
    const { ends, tops } = this.pitch;
    for (let at = from, piece = 0; at < to; piece++) {
      const end = min(to, ends[piece]!);
      if (end <= at) continue;
      this.chooseTable(this.speed * tops[piece]!);
      this.readRun(at, end);
      at = end;
    }
  }

  private readRun(from: number, to: number): void {
    const { ratio, ratios } = this.pitch;
    const { sample, left, right, speed } = this;
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
