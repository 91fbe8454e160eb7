import type { NoteEvent, Part, PartEvent } from '../../score/performance.js';

/** A note with the frames at which things happen to it, pedals and note-off messages already taken into account. */
export interface ScheduledNote {
  readonly event: NoteEvent;
  /** Position among the sounding notes of the part. */
  readonly ordinal: number;
  readonly onsetFrame: number;
  /** Where the key and the pedals let go; never before the onset. */
  releaseFrame: number;
  /** Where "all sound off" or a reset silences the note; Infinity when nothing does. */
  cutFrame: number;
}

/** A part laid out on the frame grid. A score is known in advance, so that pedals are resolved here and never while sounding. */
export interface NoteSchedule {
  /** In order of onset; notes of velocity 0 are left out. */
  readonly notes: readonly ScheduledNote[];
  /** Events that change the channel, in time order. */
  readonly changes: readonly PartEvent[];
  readonly changeFrames: Float64Array;
}

/** The frame nearest to a moment in seconds. */
export function frameAtSeconds(seconds: number, sampleRate: number): number {
  return Math.round(seconds * sampleRate);
}

/** Lays out a part at a sample rate in Hz. */
export function scheduleNotes(part: Part, sampleRate: number): NoteSchedule {
  const notes: ScheduledNote[] = [];
  const changes: PartEvent[] = [];
  for (const event of part.events) {
    if (event.kind === 'note') {
      if (!(event.velocity > 0)) continue;
      const onsetFrame = frameAtSeconds(event.time, sampleRate);
      const releaseFrame = Math.max(onsetFrame, frameAtSeconds(event.time + event.duration, sampleRate));
      notes.push({ event, ordinal: notes.length, onsetFrame, releaseFrame, cutFrame: Number.POSITIVE_INFINITY });
    } else if (event.kind === 'controller' || event.kind === 'pitchBend' || event.kind === 'system') {
      changes.push(event);
    }
  }
  const changeFrames = Float64Array.from(changes, (event) => frameAtSeconds(event.time, sampleRate));
  new Pedals(notes).run(changes, changeFrames);
  return { notes, changes, changeFrames };
}

/** Plays through keys and pedals once, moving the release of every note to where it is really let go; pedals come up after the last event. */
class Pedals {
  private sustain = false;
  private sostenuto = false;
  /** Notes whose key is down. */
  private readonly down = new Set<ScheduledNote>();
  /** Notes whose key is up but that a pedal holds. */
  private readonly held = new Set<ScheduledNote>();
  /** Notes that the sostenuto pedal caught. */
  private readonly caught = new Set<ScheduledNote>();
  private readonly keyUps: readonly ScheduledNote[];
  private nextNote = 0;
  private nextKeyUp = 0;

  constructor(private readonly notes: readonly ScheduledNote[]) {
    this.keyUps = [...notes].sort((a, b) => a.releaseFrame - b.releaseFrame || a.ordinal - b.ordinal);
  }

  run(changes: readonly PartEvent[], frames: Float64Array): void {
    if (changes.length === 0) return;
    const keyUpFrames = this.keyUps.map((note) => note.releaseFrame);
    for (let index = 0; index < changes.length; index++) {
      const frame = frames[index]!;
      this.advance(frame, keyUpFrames);
      const event = changes[index]!;
      if (event.kind === 'controller') this.control(event.controller, event.value, frame);
      else if (event.kind === 'system' && event.message.type === 'reset') this.silence(frame);
    }
    this.advance(Number.POSITIVE_INFINITY, keyUpFrames);
    this.sustain = false;
    this.caught.clear();
    this.letGo(Math.max(frames[frames.length - 1]!, keyUpFrames[keyUpFrames.length - 1] ?? 0));
  }

  /** Handles every key that goes down before `frame` or comes up by `frame`. */
  private advance(frame: number, keyUpFrames: readonly number[]): void {
    while (this.nextNote < this.notes.length || this.nextKeyUp < this.keyUps.length) {
      const note = this.notes[this.nextNote];
      const up = keyUpFrames[this.nextKeyUp] ?? Number.POSITIVE_INFINITY;
      const on = note?.onsetFrame ?? Number.POSITIVE_INFINITY;
      if (note !== undefined && on <= up && on < frame) {
        this.down.add(note);
        this.nextNote++;
      } else if (up <= frame && this.nextKeyUp < this.keyUps.length && this.canRelease()) {
        this.release(this.keyUps[this.nextKeyUp]!, up);
        this.nextKeyUp++;
      } else return;
    }
  }

  /** The key that comes up next has gone down. */
  private canRelease(): boolean {
    return this.keyUps[this.nextKeyUp]!.ordinal < this.nextNote;
  }

  private release(note: ScheduledNote, frame: number): void {
    if (!this.down.delete(note)) return;
    if (this.sustain || this.caught.has(note)) {
      note.releaseFrame = Number.POSITIVE_INFINITY;
      this.held.add(note);
    } else {
      note.releaseFrame = Math.max(note.onsetFrame, frame);
    }
  }

  private control(controller: number, value: number, frame: number): void {
    if (controller === 64) {
      this.sustain = value >= 64;
      if (!this.sustain) this.letGo(frame);
    } else if (controller === 66) {
      const pressed = value >= 64;
      if (pressed && !this.sostenuto) for (const note of this.down) this.caught.add(note);
      this.sostenuto = pressed;
      if (!pressed) {
        this.caught.clear();
        this.letGo(frame);
      }
    } else if (controller === 120) {
      this.silence(frame);
    } else if (controller === 121) {
      this.sustain = false;
      this.sostenuto = false;
      this.caught.clear();
      this.letGo(frame);
    } else if (controller >= 123) {
      for (const note of [...this.down]) this.release(note, frame);
    }
  }

  private letGo(frame: number): void {
    for (const note of this.held) {
      if (this.sustain || this.caught.has(note)) continue;
      note.releaseFrame = frame;
      this.held.delete(note);
    }
  }

  private silence(frame: number): void {
    this.sustain = false;
    this.sostenuto = false;
    this.caught.clear();
    for (const set of [this.down, this.held]) {
      for (const note of set) {
        note.releaseFrame = Math.max(note.onsetFrame, frame);
        note.cutFrame = frame;
      }
      set.clear();
    }
  }
}
