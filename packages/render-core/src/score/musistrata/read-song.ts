import type { z } from 'zod';
import { schemaFaults } from '../../faults/schema-faults.js';
import { editDistance } from '../names.js';
import type { InstrumentName, NoteEvent, Part, Performance } from '../performance.js';
import { checkDuration, checkSize, type ScoreLimits } from '../score-limits.js';
import { songEventSchema, songHeadSchema, songNoteSchema, songTrackSchema } from '../song-schema.js';
import { cleanText } from '../text.js';
import { WarningList } from '../warning-list.js';
import { FaultList } from './fault-list.js';
import { keyOffset, noteHeight, type PitchReading } from './pitch.js';
import { songTempoMap } from './song-tempo-map.js';

/** A beat this far before the start is a rounding error of the program that wrote the song. */
const BEAT_TOLERANCE = 1e-6;

export interface SongReading {
  readonly pitch: PitchReading;
  /** Octaves added to every pitch; drums are not pitches. */
  readonly octaveShift: number;
}

type Entries = Readonly<Record<string, unknown>>;
type Head = z.output<typeof songHeadSchema>;

/**
 * Reads a MusiStrata song that has been parsed from JSON. Missing fields take their defaults, unknown ones are reported, and nothing is coerced.
 * Every track becomes a part, so that indexes agree.
 * @throws ScoreError listing every fault with its JSON pointer, or the first limit that the song is over.
 */
export function readSong(song: unknown, reading: SongReading, limits: ScoreLimits): Performance {
  return new SongReader(reading, limits).read(song);
}

class SongReader {
  readonly #faults = new FaultList();
  readonly #warnings = new WarningList();
  #noteCount = 0;

  constructor(
    private readonly reading: SongReading,
    private readonly limits: ScoreLimits,
  ) {}

  read(song: unknown): Performance {
    const entries = this.#object(song, '', ['Tempo', 'BeatsPerBar', 'Tracks']);
    const head = entries && this.#faults.check(songHeadSchema, entries, '');
    const tracks = entries ? this.#list(entries, 'Tracks', '', true) : [];
    this.#measure(tracks, head);
    // With an unreadable tempo or metre the rest is still checked, against the defaults.
    const parts = tracks.map((track, index) => this.#readTrack(track, index, head ?? songHeadSchema.parse({})));
    this.#faults.throwIfAny();
    const { Tempo, BeatsPerBar } = head!;
    const mostBars = parts.reduce((most, part) => Math.max(most, part.bars), 0);
    let endSeconds = (mostBars * BeatsPerBar * 60) / Tempo;
    for (const { events } of parts)
      for (const note of events) endSeconds = Math.max(endSeconds, note.time + note.duration);
    checkDuration(endSeconds, this.limits);
    return {
      format: 'musistrata',
      title: null,
      copyright: null,
      parts: parts.map(({ bars: _, ...part }) => part),
      tempoMap: songTempoMap(Tempo, BeatsPerBar),
      markers: [],
      lyrics: [],
      endSeconds,
      noteCount: this.#noteCount,
      defaultTail: 'two-seconds',
      warnings: this.#warnings.toArray(),
    };
  }

  /** Counts before anything is made; what is not a list counts as nothing here and is a fault later. */
  #measure(tracks: readonly unknown[], head: Head | null): void {
    let notes = 0;
    for (const track of tracks)
      for (const bar of listAt(track, 'Bars')) {
        notes += listAt(bar, 'SoundEvents').length;
      }
    checkSize({ parts: tracks.length, notes, events: notes }, this.limits);
    if (head === null) return;
    for (const track of tracks)
      checkDuration((listAt(track, 'Bars').length * head.BeatsPerBar * 60) / head.Tempo, this.limits);
  }

  #readTrack(
    value: unknown,
    index: number,
    head: Head,
  ): Part & { readonly bars: number; readonly events: NoteEvent[] } {
    const pointer = `/Tracks/${index}`;
    const entries = this.#object(value, pointer, ['Name', 'Instrument', 'Bars', 'IsDrumsTrack', 'BankUsed']) ?? {};
    const track = this.#faults.check(songTrackSchema, entries, pointer);
    const bars = this.#list(entries, 'Bars', pointer, false);
    const shift = track?.IsDrumsTrack ? 0 : keyOffset(this.reading.pitch, this.reading.octaveShift);
    const events: NoteEvent[] = [];
    for (const [bar, barValue] of bars.entries()) {
      const barPointer = `${pointer}/Bars/${bar}`;
      const barEntries = this.#object(barValue, barPointer, ['SoundEvents']);
      if (barEntries === null) continue;
      for (const [event, eventValue] of this.#list(barEntries, 'SoundEvents', barPointer, false).entries()) {
        const note = this.#readEvent(eventValue, `${barPointer}/SoundEvents/${event}`, bar, head, shift);
        if (note !== null) events.push(note);
      }
    }
    events.sort((a, b) => a.time - b.time);
    this.#noteCount += events.length;
    return {
      index,
      name: cleanText(track?.Name ?? '') || `Part ${index + 1}`,
      channel: null,
      port: 0,
      percussion: track?.IsDrumsTrack ?? false,
      instrument: instrumentName(track?.Instrument ?? '', track?.BankUsed ?? 0, pointer),
      velocityCurve: 'linear',
      events,
      bars: bars.length,
    };
  }

  #readEvent(value: unknown, pointer: string, bar: number, head: Head, shift: number): NoteEvent | null {
    const entries = this.#object(value, pointer, ['Beat', 'Duration', 'Note', 'Velocity']);
    if (entries === null) return null;
    const event = this.#faults.check(songEventSchema, entries, pointer);
    const key = this.#readNote(entries, `${pointer}/Note`, shift);
    if (event === null) return null;
    let beat = bar * head.BeatsPerBar + event.Beat;
    if (beat < 0 && beat > -BEAT_TOLERANCE) beat = 0;
    if (beat < 0)
      this.#faults.add(
        `${pointer}/Beat`,
        `the note would start ${-beat} beats before the song; Beat may be negative only from the second bar on`,
      );
    if (beat < 0 || key === null) return null;
    return {
      kind: 'note',
      time: (beat * 60) / head.Tempo,
      key,
      velocity: event.Velocity,
      duration: (event.Duration * 60) / head.Tempo,
    };
  }

  #readNote(event: Entries, pointer: string, shift: number): number | null {
    if (!Object.hasOwn(event, 'Note')) {
      this.#faults.add(pointer, 'is missing: every sound event needs a note');
      return null;
    }
    const entries = this.#object(event.Note, pointer, null);
    if (entries === null) return null;
    const fields: Record<string, unknown> = {};
    const written = { Name: 'Name', Octave: 'Octave' };
    for (const key of Object.keys(entries)) {
      const field = key.toLowerCase() === 'name' ? 'Name' : key.toLowerCase() === 'octave' ? 'Octave' : null;
      if (field === null || (Object.hasOwn(fields, field) && key !== field))
        this.#ignored(key, pointer, ['Name', 'Octave']);
      else {
        fields[field] = entries[key];
        written[field] = key;
      }
    }
    const result = songNoteSchema.safeParse(fields);
    if (!result.success) {
      for (const { path, message } of schemaFaults(songNoteSchema, fields, result.error.issues))
        this.#faults.add(`${pointer}/${written[path[0] as 'Name' | 'Octave']}`, message);
      return null;
    }
    const key = noteHeight(result.data.Name, result.data.Octave) + shift;
    if (key >= 0 && key <= 127) return key;
    this.#faults.add(
      `${pointer}/${written.Octave}`,
      `${result.data.Name}${result.data.Octave} is MIDI key ${key}, which is outside 0 to 127`,
    );
    return null;
  }

  /** The entries of an object whose unknown keys have been reported, or null and a fault. */
  #object(value: unknown, pointer: string, known: readonly string[] | null): Entries | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#faults.add(pointer, `expected an object, received ${typeName(value)}`);
      return null;
    }
    if (known !== null)
      for (const key of Object.keys(value)) if (!known.includes(key)) this.#ignored(key, pointer, known);
    return value as Entries;
  }

  #list(entries: Entries, key: string, pointer: string, required: boolean): readonly unknown[] {
    if (Object.hasOwn(entries, key)) {
      const value = entries[key];
      if (Array.isArray(value)) return value;
      this.#faults.add(`${pointer}/${key}`, `expected a list, received ${typeName(value)}`);
    } else if (required) {
      const similar = Object.keys(entries).find((other) => other.toLowerCase() === key.toLowerCase());
      this.#faults.add(
        `${pointer}/${key}`,
        similar === undefined ? 'is missing' : `is missing; write "${key}" instead of "${similar}"`,
      );
    }
    return [];
  }

  #ignored(key: string, pointer: string, known: readonly string[]): void {
    const shown = key.slice(0, 60);
    this.#warnings.add(
      'ignored-key',
      () => {
        const near = known.find((name) => editDistance(name.toLowerCase(), shown.toLowerCase()) <= 2);
        return `The key "${shown}" is unknown and ignored.${near === undefined ? '' : ` Did you mean "${near}"?`}`;
      },
      `${pointer}/${shown.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    );
  }
}

function instrumentName(instrument: string | number, bank: number, trackPointer: string): InstrumentName {
  const pointer = `${trackPointer}/Instrument`;
  return typeof instrument === 'number'
    ? { name: null, program: instrument, bank, pointer }
    : { name: instrument, program: null, bank, pointer };
}

function listAt(value: unknown, key: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  const list = (value as Entries)[key];
  return Array.isArray(list) ? list : [];
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
