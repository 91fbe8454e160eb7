import type { Part, Performance, Warning } from '../performance.js';
import { WarningList } from '../warning-list.js';
import { planChannels } from './channel-plan.js';
import { GENERAL_MIDI_ON } from './exclusive-writer.js';
import { PartTrack, type WrittenMessages } from './part-track.js';
import { presetOf } from './preset.js';
import { TICKS_PER_QUARTER, TickGrid } from './tick-grid.js';
import { TrackWriter } from './track-writer.js';

const META = { copyright: 0x02, name: 0x03, lyric: 0x05, marker: 0x06, tempo: 0x51, meter: 0x58 } as const;

export interface MidiExport {
  /** A Standard MIDI File of format 1: a conductor track, then one track for every part. */
  readonly bytes: Uint8Array;
  readonly warnings: readonly Warning[];
}

/**
 * Writes a performance as a Standard MIDI File, 960 ticks to the quarter note.
 * @param programOf General MIDI program of a part whose instrument has a name that General MIDI does not know, or null
 */
export function writeMidi(performance: Performance, programOf: (part: Part) => number | null = () => null): MidiExport {
  const warnings = new WarningList();
  const grid = new TickGrid(performance.tempoMap);
  const endTick = grid.tickAt(performance.endSeconds);
  const { parts } = performance;
  const presets = parts.map((part) => presetOf(part, programOf, warnings));
  const channels = planChannels(parts, presets);
  const ports = channels.some(({ port }) => port > 0);
  const written: WrittenMessages = new Set();
  const tracks = [
    conductor(performance, grid, endTick),
    ...parts.map((part, index) =>
      new PartTrack(part, channels[index]!, grid, written).write(presets[index]!, ports, endTick),
    ),
  ];
  return { bytes: Buffer.concat([header(tracks.length), ...tracks]), warnings: warnings.toArray() };
}

function header(trackCount: number): Uint8Array {
  const bytes = Buffer.alloc(14);
  bytes.write('MThd', 'latin1');
  bytes.writeUInt32BE(6, 4);
  bytes.writeUInt16BE(1, 8);
  bytes.writeUInt16BE(trackCount, 10);
  bytes.writeUInt16BE(TICKS_PER_QUARTER, 12);
  return bytes;
}

/** Title, tempo, metre and texts; switches to General MIDI unless the score resets the synthesizer itself. */
function conductor(performance: Performance, grid: TickGrid, endTick: number): Uint8Array {
  const writer = new TrackWriter();
  if (performance.title !== null) writer.text(0, META.name, performance.title);
  if (performance.copyright !== null) writer.text(0, META.copyright, performance.copyright);
  if (!performance.parts.some(resetsAtStart)) writer.exclusive(0, GENERAL_MIDI_ON);
  const events: { readonly tick: number; write(): void }[] = [];
  for (const { tick, numerator, denominator } of grid.meters()) {
    const power = Math.min(7, Math.max(0, Math.round(Math.log2(denominator))));
    // 24 MIDI clocks are a quarter note; 8 32nd notes to the quarter.
    const data = [Math.min(255, numerator), power, Math.max(1, 96 >> power), 8];
    events.push({ tick, write: () => writer.meta(tick, META.meter, data) });
  }
  for (const { tick, microsecondsPerQuarter: time } of grid.tempos())
    events.push({ tick, write: () => writer.meta(tick, META.tempo, [time >> 16, (time >> 8) & 255, time & 255]) });
  for (const [type, markers] of [
    [META.marker, performance.markers],
    [META.lyric, performance.lyrics],
  ] as const)
    for (const marker of markers) {
      const tick = grid.tickAt(marker.time);
      events.push({ tick, write: () => writer.text(tick, type, marker.text) });
    }
  for (const event of events.sort((a, b) => a.tick - b.tick)) event.write();
  return writer.finish(endTick);
}

function resetsAtStart(part: Part): boolean {
  return part.events.some((event) => event.time === 0 && event.kind === 'system' && event.message.type === 'reset');
}
