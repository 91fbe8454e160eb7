import { describe, expect, test } from '@jest/globals';
import {
  beatAtSeconds,
  type NoteEvent,
  type PartEvent,
  type Performance,
  parseScore,
  type Song,
  writeMidi,
} from '@musistrata/render-core';
import { BasicMIDI } from 'spessasynth_core';
import { randomSmf } from './random-smf.js';
import { at, end, exclusive, note, smf } from './smf.js';
import { band, elevenEight, event, everyField, overlapOverhang, track, unequalEmptySilent } from './songs.js';

const exported = async (song: Song) => writeMidi(await parseScore({ song }));
const otherParser = (bytes: Uint8Array) => BasicMIDI.fromArrayBuffer(Uint8Array.from(bytes).buffer);

/** Channel messages of a track as another parser sees them: [tick, status, ...data]. */
function messages(midi: BasicMIDI, trackIndex: number): number[][] {
  return midi.tracks[trackIndex]!.events.filter(
    (message) => message.statusByte >= 0x80 && message.statusByte < 0xf0,
  ).map((message) => [message.ticks, message.statusByte, ...message.data]);
}

function notes(score: Performance, part: number): NoteEvent[] {
  return score.parts[part]!.events.filter((candidate) => candidate.kind === 'note');
}

describe('a song as a MIDI file', () => {
  test('has a conductor track with tempo, metre and General MIDI on, then a named track for every part', async () => {
    const { bytes, warnings } = await exported(elevenEight);
    expect(warnings).toEqual([]);
    const midi = otherParser(bytes);
    expect([midi.format, midi.timeDivision, midi.tracks.length]).toEqual([1, 960, 2]);
    const meta = midi.tracks[0]!.events.map((message) => [message.ticks, message.statusByte, [...message.data]]);
    expect(meta).toEqual([
      [0, 0xf0, [5, 0x7e, 0x7f, 9, 1, 0xf7].slice(1)],
      [0, 0x58, [11, 3, 12, 8]],
      // 60 000 000 / 41.25 microseconds
      [0, 0x51, [0x16, 0x31, 0xd1]],
      [11 * 960, 0x2f, []],
    ]);
    expect(midi.tracks[1]!.name).toBe('One');
    expect(await parseScore({ bytes })).toMatchObject({ parts: [{ name: 'One', channel: 1 }] });
  });

  test('deals channels past the drums, which share channel 10', async () => {
    const midi = otherParser((await exported(band)).bytes);
    const channels = midi.tracks.slice(1).map((_, index) => messages(midi, index + 1)[0]![1]! & 15);
    expect(channels).toEqual([0, 1, 2, 9, 3, 4]);
    const programs = midi.tracks
      .slice(1)
      .map((_, index) => messages(midi, index + 1).find(([, status]) => status! >> 4 === 12)![2]);
    expect(programs).toEqual([0, 11, 33, 0, 48, 11]);
  });

  test('selects a bank by its coarse number', async () => {
    const song = {
      Tracks: [
        track('a', 'Vibraphone', [[event(0, 1, 'A5')]], { BankUsed: 1 }),
        track('b', 'Flute', [], { BankUsed: 300 }),
      ],
    };
    const midi = otherParser((await exported(song)).bytes);
    const banks = (index: number) =>
      messages(midi, index)
        .filter(([, status]) => status! >> 4 === 11)
        .map(([, , ...data]) => data);
    expect(banks(1)).toEqual([
      [0, 1],
      [32, 0],
    ]);
    expect(banks(2)).toEqual([
      [0, 2],
      [32, 44],
    ]);
  });

  test('gives thirty melodic tracks a channel each, by ports', async () => {
    const { bytes } = await exported({
      Tracks: Array.from({ length: 30 }, (_, index) => track(`T${index}`, index, [[event(0, 1, 'C5')]])),
    });
    const score = await parseScore({ bytes });
    expect(score.parts.map((part) => part.name)).toEqual(Array.from({ length: 30 }, (_, index) => `T${index}`));
    expect(score.parts.filter((part) => part.port === 1)).toHaveLength(15);
    expect(score.parts.some((part) => part.percussion)).toBe(false);
  });

  test('keeps septuplets in place over forty bars', async () => {
    const bar = Array.from({ length: 7 }, (_, index) => event((index * 4) / 7, 4 / 7, 'C5'));
    const midi = otherParser((await exported({ Tracks: [track('a', 'Flute', Array(40).fill(bar))] })).bytes);
    const starts = messages(midi, 1)
      .filter(([, status]) => status === 0x90)
      .map(([tick]) => tick);
    expect(starts).toEqual(Array.from({ length: 280 }, (_, index) => Math.round((index * 4 * 960) / 7)));
  });

  test('lets a key up before it comes down again, whatever the order in the song', async () => {
    const song = { Tracks: [track('a', 'Flute', [[event(1, 1, 'C5'), event(0, 1, 'C5')]])] };
    const midi = otherParser((await exported(song)).bytes);
    expect(
      messages(midi, 1)
        .slice(3)
        .map(([tick, status]) => [tick, status]),
    ).toEqual([
      [0, 0x90],
      [960, 0x80],
      [960, 0x90],
      [1920, 0x80],
    ]);
  });

  test('strikes a sounding key anew, and lets it go with the later of the two', async () => {
    const { bytes } = await exported(overlapOverhang);
    const score = await parseScore({ bytes });
    expect(
      notes(score, 0)
        .filter((candidate) => candidate.key === 60)
        .map(({ time, duration }) => [time, duration]),
    ).toEqual([
      [0, 2],
      [2, 1.5],
      [3.5, 0.5],
    ]);
    expect(score.endSeconds).toBe(30);
  });

  test('strikes a key twice when two notes start together, and lets both go with the later', async () => {
    const song = {
      Tempo: 60,
      Tracks: [track('a', 'Flute', [[event(0, 1, 'C5', 50), event(0, 2, 'C5', 90), event(1.5, 1, 'C5')]])],
    };
    const score = await parseScore({ bytes: (await exported(song)).bytes });
    expect(notes(score, 0).map(({ time, duration, velocity }) => [time, duration, velocity])).toEqual([
      [0, 1.5, 50],
      [0, 1.5, 90],
      [1.5, 1, 60],
    ]);
  });

  test('leaves out silent notes and keeps its length', async () => {
    const score = await parseScore({ bytes: (await exported(unequalEmptySilent)).bytes });
    expect(score.noteCount).toBe(3);
    expect(score.endSeconds).toBeCloseTo(7.2, 9);
  });

  test('says which instruments General MIDI does not know, and takes a better answer', async () => {
    const performance = await parseScore({ song: everyField });
    expect(writeMidi(performance).warnings.map((warning) => warning.pointer)).toEqual(
      [0, 1, 2, 3].map((index) => `/Tracks/${index}/Instrument`),
    );
    const { bytes, warnings } = writeMidi(performance, (part) => 20 + part.index);
    expect(warnings).toEqual([]);
    expect(messages(otherParser(bytes), 3).find(([, status]) => status! >> 4 === 12)![2]).toBe(22);
  });

  test.each([0.01, 0.5, 3, 97.5, 100_000])('has the right times at tempo %d', async (Tempo) => {
    const song = { Tempo, Tracks: [track('a', 'Flute', [[event(1, 1, 'C5'), event(3.25, 0.5, 'D5')]])] };
    const limits = { maxDurationSeconds: 1e9 };
    const score = await parseScore({ song }, { limits });
    const again = await parseScore({ bytes: writeMidi(score).bytes }, { limits });
    for (const [index, { time, duration }] of notes(score, 0).entries()) {
      // A tempo is written in whole microseconds to the quarter note.
      expect(notes(again, 0)[index]!.time / time).toBeCloseTo(1, 3);
      expect(notes(again, 0)[index]!.duration / duration).toBeCloseTo(1, 3);
    }
  });

  test('can hold a rest longer than any delta time', async () => {
    const song = { Tempo: 100_000, Tracks: [track('a', 'Flute', [[event(1e7, 1, 'C5')]])] };
    const again = await parseScore({ bytes: (await exported(song)).bytes });
    expect(notes(again, 0)[0]!.time).toBeCloseTo(6000, 6);
  });
});

describe('reading what was written', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))('gives random file %d back', async (seed) => {
    const score = await parseScore({ bytes: randomSmf(seed + 1000) });
    const again = await parseScore({ bytes: writeMidi(score).bytes });
    const halfTick = 0.5 / 960 + 1e-9;
    expect(again.title).toBe(score.title);
    expect(again.tempoMap.meters.map(({ bar }) => bar)).toEqual(score.tempoMap.meters.map(({ bar }) => bar));
    for (const [at, meter] of score.tempoMap.meters.entries())
      expect(Math.abs(again.tempoMap.meters[at]!.beat - meter.beat)).toBeLessThan(halfTick);
    expect(again.parts.map((part) => [part.name, part.channel, part.percussion])).toEqual(
      score.parts.map((part) => [part.name, part.channel, part.percussion]),
    );
    const beat = (map: Performance, { time }: PartEvent) => beatAtSeconds(map.tempoMap, time);
    for (const [index, part] of score.parts.entries()) {
      const controls = part.events.filter((candidate) => candidate.kind !== 'note');
      const others = again.parts[index]!.events.filter(
        (candidate) => candidate.kind !== 'note' && candidate.kind !== 'system',
      );
      expect(others.map(({ time: _, ...rest }) => rest)).toEqual(controls.map(({ time: _, ...rest }) => rest));
      for (const [at, control] of controls.entries())
        expect(Math.abs(beat(again, others[at]!) - beat(score, control))).toBeLessThan(halfTick);
      const strikes = (performance: Performance) =>
        notes(performance, index).map(
          (found) => `${Math.round(beat(performance, found) * 960)}:${found.key}:${found.velocity}`,
        );
      expect(strikes(again)).toEqual(strikes(score));
    }
  });

  test('gives every kind of message back', async () => {
    const keys = [69, 70, 0x40, 0];
    const file = smf(1, 960, [
      [
        ...exclusive(0, 0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7f, 0, 0x41),
        ...exclusive(0, 0x7f, 0x7f, 4, 1, 0x12, 0x34),
        ...exclusive(0, 0x7f, 0x7f, 4, 3, 0, 0x50),
        ...exclusive(0, 0x41, 0x10, 0x42, 0x12, 0x40, 1, 0x30, 5, 0),
        ...exclusive(0, 0x43, 0x10, 0x4c, 2, 1, 0x20, 0x41, 1),
        ...exclusive(0, 0x41, 0x10, 0x42, 0x12, 0x40, 0x1a, 0x15, 2, 0),
        ...exclusive(960, 0x7f, 0x7f, 8, 2, 0, 1, ...keys),
        ...end(),
      ],
      [...at(0, 0xd0, 5), ...at(0, 0xa0, 60, 9), ...at(0, 0xe0, 1, 2), ...note(0, 1, 60, 1920), ...end()],
      [...note(0, 11, 38, 1920), ...end()],
    ]);
    const score = await parseScore({ bytes: file });
    const again = await parseScore({ bytes: writeMidi(score).bytes });
    for (const [index, part] of score.parts.entries()) {
      const rest = (events: readonly PartEvent[]) => events.filter((candidate) => candidate.kind !== 'controller');
      const reread = rest(again.parts[index]!.events);
      for (const wanted of rest(part.events)) expect(reread).toContainEqual(wanted);
    }
  });
});
