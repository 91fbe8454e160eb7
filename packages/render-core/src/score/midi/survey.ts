import { ScoreError } from '../score-error.js';
import type { ScoreLimits } from '../score-limits.js';
import type { WarningList } from '../warning-list.js';
import type { TimeSignature } from './bars.js';
import { decodeExclusive } from './exclusive.js';
import type { MidiFile, TrackChunk } from './midi-file.js';
import { decodeMidiText } from './midi-text.js';
import { PortReader, partKey } from './ports.js';
import { DEFAULT_MICROSECONDS_PER_QUARTER, type TickTempo } from './tick-clock.js';
import { readTrack, type TrackVisitor } from './track-reader.js';

/** Most tempo changes, time signatures, texts and system exclusive messages. */
const MOST_META_EVENTS = 200_000;
/** Most messages that retune; each can make a table of 128 keys for every part. */
const MOST_TUNING_CHANGES = 10_000;
/** Smallest unit of a time signature, as a power of two. */
const SMALLEST_UNIT = 7;

/** Text at a tick; of meta type 1 text, 5 lyric, 6 marker or 7 cue point. */
export interface TickText {
  readonly tick: number;
  readonly type: 1 | 5 | 6 | 7;
  readonly text: string;
}

export interface TrackSurvey {
  readonly chunk: TrackChunk;
  /** Tick at which the track starts (patterns of a format 2 file follow each other) and ends. */
  readonly start: number;
  readonly end: number;
  readonly name: string | null;
  readonly instrumentName: string | null;
  /** {@link partKey}s of the parts that the track has notes for. */
  readonly noteParts: ReadonlySet<number>;
}

/** Everything about a file but its channel messages, and how many of those there are. */
export interface Survey {
  readonly tracks: readonly TrackSurvey[];
  readonly tempos: readonly TickTempo[];
  readonly signatures: readonly TimeSignature[];
  readonly texts: readonly TickText[];
  readonly copyright: string | null;
  /** {@link partKey}s of all parts with notes, in order of port and channel. */
  readonly parts: readonly number[];
  readonly noteCount: number;
  /** Events of all parts, those for every part counted as often as there are parts. */
  readonly eventCount: number;
  readonly endTick: number;
}

/** Reads a file once without keeping its notes, so that limits can be checked and ticks turned into seconds before anything is built. */
export function surveyMidi(file: MidiFile, limits: ScoreLimits, warnings: WarningList): Survey {
  const surveyor = new Surveyor(file, limits, warnings);
  for (const chunk of file.tracks) surveyor.read(chunk);
  return surveyor.result();
}

class Surveyor implements TrackVisitor {
  readonly #tracks: TrackSurvey[] = [];
  readonly #tempos: TickTempo[] = [];
  readonly #signatures: { tick: number; numerator: number; denominator: number }[] = [];
  readonly #texts: TickText[] = [];
  readonly #eventsByPart = new Map<number, number>();
  readonly #notesByPart = new Map<number, number>();
  #copyright: string | null = null;
  #scoreWideEvents = 0;
  #tuningChanges = 0;
  #noteCount = 0;
  #metaCount = 0;
  #endTick = 0;
  // Of the track being read:
  #start = 0;
  #port = new PortReader();
  #name: string | null = null;
  #instrumentName: string | null = null;
  #noteParts = new Set<number>();

  constructor(
    private readonly file: MidiFile,
    private readonly limits: ScoreLimits,
    private readonly warnings: WarningList,
  ) {}

  read(chunk: TrackChunk): void {
    const sequential = this.file.format === 2;
    this.#start = sequential ? this.#endTick : 0;
    this.#port = new PortReader();
    this.#name = null;
    this.#instrumentName = null;
    this.#noteParts = new Set();
    if (sequential && chunk.index > 0) {
      // A pattern knows nothing of the one before: it starts with the tempo and metre of a new file.
      this.#tempos.push({ tick: this.#start, microsecondsPerQuarter: DEFAULT_MICROSECONDS_PER_QUARTER });
      this.#signatures.push({ tick: this.#start, numerator: 4, denominator: 4 });
    }
    const end = this.#start + readTrack(this.file.bytes, chunk, this, this.warnings);
    this.#endTick = Math.max(this.#endTick, end);
    this.#tracks.push({
      chunk,
      start: this.#start,
      end,
      name: this.#name,
      instrumentName: this.#instrumentName,
      noteParts: this.#noteParts,
    });
  }

  result(): Survey {
    const parts = [...this.#notesByPart.keys()].sort((a, b) => a - b);
    let eventCount = this.#scoreWideEvents * parts.length;
    for (const part of parts) eventCount += this.#eventsByPart.get(part) ?? 0;
    if (this.#tuningChanges * Math.max(1, parts.length) > MOST_TUNING_CHANGES)
      throw ScoreError.tooLarge(
        'tuning changes over all parts',
        this.#tuningChanges * parts.length,
        MOST_TUNING_CHANGES,
      );
    const ticksPerQuarter =
      'ticksPerQuarter' in this.file.division
        ? this.file.division.ticksPerQuarter
        : this.file.division.ticksPerSecond / 2;
    return {
      tracks: this.#tracks,
      tempos: this.#tempos.sort((a, b) => a.tick - b.tick),
      signatures: this.#signatures
        .sort((a, b) => a.tick - b.tick)
        .map(({ tick, ...signature }) => ({ beat: tick / ticksPerQuarter, ...signature })),
      texts: this.#texts.sort((a, b) => a.tick - b.tick),
      copyright: this.#copyright,
      parts,
      noteCount: this.#noteCount,
      eventCount,
      endTick: this.#endTick,
    };
  }

  channelMessage(_tick: number, status: number, _first: number, second: number): void {
    const kind = status >> 4;
    const part = partKey(this.#port.current, status & 15);
    if (kind === 8 || (kind === 9 && second === 0)) return;
    this.#eventsByPart.set(part, (this.#eventsByPart.get(part) ?? 0) + 1);
    if (kind !== 9) return;
    this.#notesByPart.set(part, (this.#notesByPart.get(part) ?? 0) + 1);
    this.#noteParts.add(part);
    if (++this.#noteCount > this.limits.maxNotes)
      throw ScoreError.tooLarge('or more notes', this.#noteCount, this.limits.maxNotes);
  }

  exclusive(_tick: number, data: Uint8Array): void {
    this.#countMeta();
    for (const { channels, change } of decodeExclusive(data)) {
      if (change.type.endsWith('Tuning')) this.#tuningChanges++;
      if (channels === 'all') this.#scoreWideEvents++;
      else
        for (const channel of channels) {
          const part = partKey(this.#port.current, channel - 1);
          this.#eventsByPart.set(part, (this.#eventsByPart.get(part) ?? 0) + 1);
        }
    }
  }

  meta(tick: number, type: number, start: number, end: number, offset: number): void {
    const { bytes } = this.file;
    const at = this.#start + tick;
    this.#port.meta(bytes, type, start, end);
    switch (type) {
      case 0x51:
        this.#tempo(at, bytes, start, end, offset);
        break;
      case 0x58:
        this.#signature(at, bytes, start, end, offset);
        break;
      case 0x01:
      case 0x05:
      case 0x06:
      case 0x07:
        this.#countMeta();
        this.#texts.push({ tick: at, type, text: decodeMidiText(bytes.subarray(start, end)) });
        break;
      case 0x02:
        this.#copyright ??= decodeMidiText(bytes.subarray(start, end));
        break;
      case 0x03:
        this.#name ??= decodeMidiText(bytes.subarray(start, end));
        break;
      case 0x04:
        this.#instrumentName ??= decodeMidiText(bytes.subarray(start, end));
    }
  }

  #tempo(tick: number, bytes: Uint8Array, start: number, end: number, offset: number): void {
    const microsecondsPerQuarter =
      end - start < 3 ? 0 : (bytes[start]! << 16) | (bytes[start + 1]! << 8) | bytes[start + 2]!;
    if (microsecondsPerQuarter === 0) {
      this.warnings.add('midi-damaged', `The tempo at byte ${offset} has no meaning and is ignored.`);
      return;
    }
    this.#countMeta();
    this.#tempos.push({ tick, microsecondsPerQuarter });
  }

  #signature(tick: number, bytes: Uint8Array, start: number, end: number, offset: number): void {
    const numerator = bytes[start]!;
    const power = bytes[start + 1]!;
    if (end - start < 2 || numerator === 0 || power > SMALLEST_UNIT) {
      this.warnings.add('midi-damaged', `The time signature at byte ${offset} has no meaning and is ignored.`);
      return;
    }
    this.#countMeta();
    this.#signatures.push({ tick, numerator, denominator: 2 ** power });
  }

  #countMeta(): void {
    if (++this.#metaCount > MOST_META_EVENTS)
      throw ScoreError.tooLarge(
        'or more texts, tempo changes, time signatures and system exclusive messages',
        this.#metaCount,
        MOST_META_EVENTS,
      );
  }
}
