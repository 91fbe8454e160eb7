import type { NoteEvent, Part, PartEvent } from '../performance.js';
import type { Channel } from './channel-plan.js';
import { exclusiveMessages } from './exclusive-writer.js';
import { keyStrikes, type Strike } from './key-strikes.js';
import type { Preset } from './preset.js';
import type { TickGrid } from './tick-grid.js';
import { TrackWriter } from './track-writer.js';

const TRACK_NAME = 0x03;
const INSTRUMENT_NAME = 0x04;
const PORT = 0x21;

/** Messages for the whole score stand in the events of every part but are written once: those written so far, by tick. */
export type WrittenMessages = Set<string>;

/**
 * Writes a part as a track: name, port, preset, then its events. At equal ticks keys go up before anything else happens and come down in the order
 * of the events.
 */
export class PartTrack {
  readonly #writer = new TrackWriter();
  readonly #channel: number;

  constructor(
    private readonly part: Part,
    private readonly destination: Channel,
    private readonly grid: TickGrid,
    private readonly written: WrittenMessages,
  ) {
    this.#channel = destination.channel - 1;
  }

  write(preset: Preset | null, ports: boolean, endTick: number): Uint8Array {
    const writer = this.#writer;
    writer.text(0, TRACK_NAME, this.part.name);
    if (ports) writer.meta(0, PORT, [this.destination.port]);
    if (this.part.instrument?.name) writer.text(0, INSTRUMENT_NAME, this.part.instrument.name);
    if (preset !== null) this.#select(preset);
    const strikes = keyStrikes(
      this.part.events.filter((event) => event.kind === 'note'),
      this.grid,
    );
    const releases = [...strikes.values()]
      .filter((strike) => strike.span.end > strike.start)
      .sort((a, b) => a.span.end - b.span.end);
    let released = 0;
    for (const event of this.part.events) {
      const tick = this.grid.tickAt(event.time);
      while (released < releases.length && releases[released]!.span.end <= tick) this.#release(releases[released++]!);
      if (event.kind !== 'note') this.#event(event, tick);
      else {
        const strike = strikes.get(event);
        if (strike !== undefined) this.#strike(strike);
      }
    }
    while (released < releases.length) this.#release(releases[released++]!);
    return writer.finish(endTick);
  }

  /** The bank's coarse and fine halves; a bank up to 127 is all coarse, as General MIDI fonts are numbered. */
  #select({ bank, program }: Preset): void {
    const [coarse, fine] = bank > 127 ? [bank >> 7, bank & 127] : [bank, 0];
    this.#writer.channelMessage(0, 0xb0 | this.#channel, 0, coarse);
    this.#writer.channelMessage(0, 0xb0 | this.#channel, 32, fine);
    this.#writer.channelMessage(0, 0xc0 | this.#channel, program);
  }

  #strike({ start, span, key, velocity }: Strike): void {
    this.#writer.channelMessage(start, 0x90 | this.#channel, key, velocity);
    if (span.end === start) this.#writer.channelMessage(start, 0x80 | this.#channel, key, 64);
  }

  #release({ span, key }: Strike): void {
    this.#writer.channelMessage(span.end, 0x80 | this.#channel, key, 64);
  }

  #event(event: Exclude<PartEvent, NoteEvent>, tick: number): void {
    const writer = this.#writer;
    switch (event.kind) {
      case 'controller':
        writer.channelMessage(tick, 0xb0 | this.#channel, event.controller, event.value);
        return;
      case 'program':
        writer.channelMessage(tick, 0xc0 | this.#channel, event.program);
        return;
      case 'pitchBend':
        writer.channelMessage(tick, 0xe0 | this.#channel, event.value & 127, event.value >> 7);
        return;
      case 'channelPressure':
        writer.channelMessage(tick, 0xd0 | this.#channel, event.pressure);
        return;
      case 'keyPressure':
        writer.channelMessage(tick, 0xa0 | this.#channel, event.key, event.pressure);
        return;
      case 'system': {
        // Every channel has a tuning program of its own, so that parts can be tuned differently.
        for (const message of exclusiveMessages(event.message, this.destination.channel, this.#channel + 1)) {
          const once = `${this.destination.port}:${tick}:${message.join()}`;
          if (!this.written.has(once)) writer.exclusive(tick, message);
          this.written.add(once);
        }
        if (event.message.type === 'tuning') this.#selectTuning(tick);
      }
    }
  }

  #selectTuning(tick: number): void {
    const controller = 0xb0 | this.#channel;
    for (const [number, value] of [
      [101, 0],
      [100, 3],
      [6, this.#channel + 1],
      [101, 127],
      [100, 127],
    ] as const)
      this.#writer.channelMessage(tick, controller, number, value);
  }
}
