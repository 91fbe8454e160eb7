import type { WarningList } from '../warning-list.js';
import { decodeExclusive } from './exclusive.js';
import type { MidiFile } from './midi-file.js';
import { OpenNotes } from './open-notes.js';
import { eventRank, type OpenNote, PartBuilder, type RawEvent } from './part-builder.js';
import { PortReader, partKey } from './ports.js';
import type { Survey, TrackSurvey } from './survey.js';
import type { TickClock } from './tick-clock.js';
import { readTrack, type TrackVisitor } from './track-reader.js';

/** The events of every part of the survey, by {@link partKey}, in order. Events for channels without notes are dropped. */
export function buildParts(
  file: MidiFile,
  survey: Survey,
  clock: TickClock,
  warnings: WarningList,
): Map<number, RawEvent[]> {
  const builders = new Map(survey.parts.map((part) => [part, new PartBuilder()]));
  for (const track of survey.tracks) new TrackPlayer(file, track, clock, builders, warnings).read();
  return new Map([...builders].map(([part, builder]) => [part, builder.build()]));
}

class TrackPlayer implements TrackVisitor {
  readonly #open = new OpenNotes();
  readonly #port = new PortReader();
  #tickOfLastNote = -1;

  constructor(
    private readonly file: MidiFile,
    private readonly track: TrackSurvey,
    private readonly clock: TickClock,
    private readonly builders: ReadonlyMap<number, PartBuilder>,
    private readonly warnings: WarningList,
  ) {}

  read(): void {
    const { chunk, end } = this.track;
    readTrack(this.file.bytes, chunk, this, null);
    const hanging = this.#open.endAll(this.clock.secondsAt(end));
    if (hanging > 0)
      this.warnings.add(
        'midi-hanging-notes',
        `Track ${chunk.index + 1} never ends ${hanging} of its notes; they end with the track.`,
      );
  }

  channelMessage(tick: number, status: number, first: number, second: number, offset: number): void {
    const part = partKey(this.#port.current, status & 15);
    const builder = this.builders.get(part);
    if (builder === undefined) return;
    const time = this.clock.secondsAt(this.track.start + tick);
    const kind = status >> 4;
    if (kind === 8 || (kind === 9 && second === 0)) {
      this.#open.end(part * 128 + first, time);
      return;
    }
    if (kind === 9) {
      const note: OpenNote = { kind: 'note', time, key: first, velocity: second, duration: 0 };
      this.#open.start(part * 128 + first, note);
      this.#tickOfLastNote = tick;
      builder.add(note, eventRank(offset, true));
      return;
    }
    builder.add(controlEvent(kind, time, first, second), this.#rank(tick, offset));
  }

  exclusive(tick: number, data: Uint8Array, offset: number): void {
    const time = this.clock.secondsAt(this.track.start + tick);
    for (const { channels, change } of decodeExclusive(data)) {
      const event: RawEvent = { kind: 'change', time, change };
      const rank = this.#rank(tick, offset);
      if (channels !== 'all')
        for (const channel of channels) this.builders.get(partKey(this.#port.current, channel - 1))?.add(event, rank);
      else
        for (const [part, builder] of this.builders)
          if (!this.#port.chosen || part >> 4 === this.#port.current) builder.add(event, rank);
    }
  }

  meta(_tick: number, type: number, start: number, end: number): void {
    this.#port.meta(this.file.bytes, type, start, end);
  }

  #rank(tick: number, offset: number): number {
    return eventRank(offset, this.#tickOfLastNote === tick);
  }
}

function controlEvent(kind: number, time: number, first: number, second: number): RawEvent {
  switch (kind) {
    case 0xa:
      return { kind: 'keyPressure', time, key: first, pressure: second };
    case 0xb:
      return { kind: 'controller', time, controller: first, value: second };
    case 0xc:
      return { kind: 'program', time, program: first };
    case 0xd:
      return { kind: 'channelPressure', time, pressure: first };
    default:
      return { kind: 'pitchBend', time, value: (second << 7) | first };
  }
}
