import type { midi } from '@coderline/alphatab';
import { type OpenNote, PartBuilder, type RawEvent } from '../midi/part-builder.js';
import type { TickTempo } from '../midi/tick-clock.js';
import { ScoreError } from '../score-error.js';
import type { ScoreLimits } from '../score-limits.js';

type MidiFileHandler = ConstructorParameters<typeof midi.MidiFileGenerator>[2];

/** Most beats, rests and controllers that a score may unfold into; repeats multiply what is written. */
const MOST_STEPS = 1_500_000;
/** Above every sequence number: notes come after what is set at the same moment. */
const NOTE_RANK = 2 ** 40;

/** One track of the score on one of its channels; times are still ticks. */
export interface RecordedPart {
  readonly track: number;
  /** 0-15 as the library dealt it: tells a track's two channels apart, nothing more. */
  readonly channel: number;
  readonly builder: PartBuilder;
  noteCount: number;
}

/** Takes down what the library's generator plays of a score, repeats unfolded. Refuses to go on when the score is over its limits. */
export class EngravedRecorder implements MidiFileHandler {
  readonly parts = new Map<string, RecordedPart>();
  readonly tempos: TickTempo[] = [];
  /** Ticks by which everything but the first bar's settings is late, to make room for grace notes before the first beat. */
  tickShift = 0;
  endTick = 0;
  noteCount = 0;
  /** Notes outside MIDI's keys. */
  droppedNotes = 0;
  #steps = 0;

  constructor(private readonly limits: ScoreLimits) {}

  addTickShift(tickShift: number): void {
    this.tickShift = tickShift;
  }

  addTimeSignature(): void {}

  addRest(): void {
    this.#step();
  }

  addNote(track: number, start: number, length: number, key: number, velocity: number, channel: number): void {
    const time = this.#tick(start);
    if (!Number.isInteger(key) || key < 0 || key > 127) {
      this.droppedNotes++;
      return;
    }
    if (++this.noteCount > this.limits.maxNotes)
      throw ScoreError.tooLarge('or more notes', this.noteCount, this.limits.maxNotes);
    const part = this.#part(track, channel);
    part.noteCount++;
    const note: OpenNote = {
      kind: 'note',
      time,
      key,
      velocity: Math.min(127, Math.max(1, Math.round(velocity))),
      duration: Math.max(0, Number.isFinite(length) ? length : 0),
    };
    part.builder.add(note, NOTE_RANK + this.#steps);
    this.endTick = Math.max(this.endTick, time + note.duration);
  }

  addControlChange(track: number, tick: number, channel: number, controller: number, value: number): void {
    this.#add(track, channel, { kind: 'controller', time: this.#tick(tick), controller, value: within(value, 127) });
  }

  addProgramChange(track: number, tick: number, channel: number, program: number): void {
    this.#add(track, channel, { kind: 'program', time: this.#tick(tick), program: within(program, 127) });
  }

  addBend(track: number, tick: number, channel: number, value: number): void {
    this.#add(track, channel, { kind: 'pitchBend', time: this.#tick(tick), value: within(value, 16_383) });
  }

  /** Bends of single notes concern the whole channel: the library plays such notes on a channel of their own. */
  addNoteBend(track: number, tick: number, channel: number, _key: number, value: number): void {
    this.addBend(track, tick, channel, value);
  }

  addTempo(tick: number, beatsPerMinute: number): void {
    const at = this.#tick(tick);
    if (beatsPerMinute > 0 && beatsPerMinute < 1e6)
      this.tempos.push({ tick: at, microsecondsPerQuarter: 60e6 / beatsPerMinute });
  }

  finishTrack(_track: number, tick: number): void {
    this.endTick = Math.max(this.endTick, this.#tick(tick));
  }

  #add(track: number, channel: number, event: RawEvent): void {
    this.#part(track, channel).builder.add(event, this.#steps);
  }

  #part(track: number, channel: number): RecordedPart {
    const name = `${track}:${channel}`;
    const part = this.parts.get(name) ?? { track, channel, builder: new PartBuilder(), noteCount: 0 };
    this.parts.set(name, part);
    return part;
  }

  #tick(tick: number): number {
    this.#step();
    const shifted = tick + this.tickShift;
    if (!Number.isFinite(shifted))
      throw ScoreError.unreadable(
        'The score has beats whose time cannot be told: its durations or divisions have no meaning.',
      );
    return Math.max(0, shifted);
  }

  #step(): void {
    if (++this.#steps > MOST_STEPS)
      throw ScoreError.tooLarge('or more beats and rests with all repeats', this.#steps, MOST_STEPS);
  }
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, Math.floor(value) || 0));
}
