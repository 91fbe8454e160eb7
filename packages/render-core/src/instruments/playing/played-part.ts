import type { PartAssignment } from '../sound-source.js';
import { ChannelState } from './channel-state.js';
import { centsToRatio } from './gains.js';
import { type NoteSchedule, scheduleNotes } from './note-schedule.js';
import { Ramp } from './ramp.js';
import { type NotePlayer, type PitchLine, SEGMENT_FRAMES, type Segment, type Voice, type VoiceSink } from './voice.js';

/** Seconds that controllers and bends take to arrive while something sounds. */
const SMOOTHING_SECONDS = 0.005;

/** One part at work: applies events as their frames come, sums the voices and sends the sum through the channel to the bus. */
export class PlayedPart implements VoiceSink {
  readonly voices: Voice[] = [];
  readonly channel: ChannelState;
  private readonly schedule: NoteSchedule;
  private readonly player: NotePlayer;
  private readonly smoothingFrames: number;
  private nextNote = 0;
  private nextChange = 0;
  private readonly gainLeft = new Ramp(1);
  private readonly gainRight = new Ramp(1);
  private readonly reverb = new Ramp(0);
  private readonly chorus = new Ramp(0);
  private readonly pitch = new Ramp(1);
  private readonly unbent = new Ramp(1);
  private readonly pitchValues = new Float64Array(SEGMENT_FRAMES);
  private readonly unbentValues = new Float64Array(SEGMENT_FRAMES);
  private readonly gains = new Float64Array(SEGMENT_FRAMES);
  private readonly segment: Segment;

  constructor(
    private readonly assignment: PartAssignment,
    sampleRate: number,
    createPlayer: (schedule: NoteSchedule) => NotePlayer,
    private readonly makeRoom: () => void,
  ) {
    this.channel = new ChannelState(assignment.part);
    this.segment = {
      frames: 0,
      frame: 0,
      pitch: { ratio: 1, ratios: null, targetRatio: 1 },
      unbent: { ratio: 1, ratios: null, targetRatio: 1 },
      channel: this.channel,
      left: new Float64Array(SEGMENT_FRAMES),
      right: new Float64Array(SEGMENT_FRAMES),
    };
    this.schedule = scheduleNotes(assignment.part, sampleRate);
    this.smoothingFrames = Math.max(1, Math.round(SMOOTHING_SECONDS * sampleRate));
    this.player = createPlayer(this.schedule);
    this.aim();
  }

  /** Frame of the next event, Infinity when there is none. */
  get nextEventFrame(): number {
    const note = this.schedule.notes[this.nextNote]?.onsetFrame ?? Number.POSITIVE_INFINITY;
    const change = this.schedule.changeFrames[this.nextChange] ?? Number.POSITIVE_INFINITY;
    return Math.min(note, change, this.player.nextWake);
  }

  tuningCents(key: number): number {
    return this.channel.tuningCents(key);
  }

  reserve(): void {
    this.makeRoom();
  }

  add(voice: Voice): void {
    this.voices.push(voice);
  }

  /** Applies everything that is due at a frame: channel changes, then notes. */
  dispatch(frame: number): void {
    const { changes, changeFrames, notes } = this.schedule;
    let changed = false;
    while ((changeFrames[this.nextChange] ?? Number.POSITIVE_INFINITY) <= frame) {
      this.channel.apply(changes[this.nextChange++]!);
      changed = true;
    }
    if (changed) this.aim();
    if (this.player.nextWake <= frame) this.player.wake(frame, this);
    while ((notes[this.nextNote]?.onsetFrame ?? Number.POSITIVE_INFINITY) <= frame) {
      this.player.start(notes[this.nextNote++]!, this);
    }
  }

  /** Adds the next frames to the bus from `offset` on. */
  render(offset: number, frames: number, frame: number): void {
    if (this.voices.length === 0) {
      this.skip(frames);
      return;
    }
    const { segment } = this;
    segment.frames = frames;
    segment.frame = frame;
    segment.left.fill(0, 0, frames);
    segment.right.fill(0, 0, frames);
    follow(this.pitch, segment.pitch, this.pitchValues, frames);
    follow(this.unbent, segment.unbent, this.unbentValues, frames);
    let kept = 0;
    for (let i = 0; i < this.voices.length; i++) {
      const voice = this.voices[i]!;
      voice.render(segment);
      if (voice.finished) this.player.recycle(voice);
      else this.voices[kept++] = voice;
    }
    this.voices.length = kept;
    this.send(offset, frames);
  }

  private send(offset: number, frames: number): void {
    const { left, right } = this.segment;
    const { bus } = this.assignment;
    if (this.reverb.moving || this.reverb.value > 0) this.sendTo(bus.reverb, this.reverb, offset, frames);
    if (this.chorus.moving || this.chorus.value > 0) this.sendTo(bus.chorus, this.chorus, offset, frames);
    this.addTo(bus.left, left, this.gainLeft, offset, frames);
    this.addTo(bus.right, right, this.gainRight, offset, frames);
  }

  private addTo(out: Float32Array, signal: Float64Array, ramp: Ramp, offset: number, frames: number): void {
    if (ramp.moving) {
      const { gains } = this;
      ramp.fill(gains, frames);
      for (let i = 0; i < frames; i++) out[offset + i]! += signal[i]! * gains[i]!;
    } else {
      const gain = ramp.value;
      for (let i = 0; i < frames; i++) out[offset + i]! += signal[i]! * gain;
    }
  }

  /** A centred mono voice has 0.7071 on each side, so that its send is its own level. */
  private sendTo(out: Float32Array, ramp: Ramp, offset: number, frames: number): void {
    const { left, right } = this.segment;
    const { gains } = this;
    ramp.fill(gains, frames);
    for (let i = 0; i < frames; i++) out[offset + i]! += (left[i]! + right[i]!) * Math.SQRT1_2 * gains[i]!;
  }

  /** Gives smoothed values their new targets. Nothing sounds: they jump. */
  private aim(): void {
    const { channel } = this;
    const frames = this.voices.length > 0 ? this.smoothingFrames : 0;
    this.gainLeft.moveTo(channel.gain * channel.left, frames);
    this.gainRight.moveTo(channel.gain * channel.right, frames);
    this.reverb.moveTo(channel.gain * channel.reverbSend, frames);
    this.chorus.moveTo(channel.gain * channel.chorusSend, frames);
    this.pitch.moveTo(centsToRatio(channel.pitchCents), frames);
    this.unbent.moveTo(centsToRatio(channel.unbentCents), frames);
  }

  private skip(frames: number): void {
    this.gainLeft.skip(frames);
    this.gainRight.skip(frames);
    this.reverb.skip(frames);
    this.chorus.skip(frames);
    this.pitch.skip(frames);
    this.unbent.skip(frames);
  }
}

function follow(ramp: Ramp, line: PitchLine, values: Float64Array, frames: number): void {
  line.ratio = ramp.value;
  line.targetRatio = ramp.target;
  line.ratios = ramp.moving ? values : null;
  if (line.ratios !== null) ramp.fill(values, frames);
}
