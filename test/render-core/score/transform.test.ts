import { describe, expect, test } from '@jest/globals';
import {
  beatAtBar,
  type NoteEvent,
  type Performance,
  parseScore,
  secondsAtBeat,
  timingTable,
  transformPerformance,
} from '@musistrata/render-core';
import { randomSmf } from './random-smf.js';
import { at, end, exclusive, meta, note, smf, tempo } from './smf.js';
import { band, elevenEight } from './songs.js';

const notes = (score: Performance, part: number): NoteEvent[] =>
  score.parts[part]!.events.filter((event) => event.kind === 'note');

describe('transposition', () => {
  test('moves every pitch and no drum', async () => {
    const score = await parseScore({ song: band });
    const up = transformPerformance(score, { transpose: 5 });
    for (const [index, part] of score.parts.entries())
      expect(notes(up, index).map((moved) => moved.key)).toEqual(
        notes(score, index).map(({ key }) => (part.percussion ? key : key + 5)),
      );
    expect(up.warnings).toEqual([]);
  });

  test('follows channels that become drums and back', async () => {
    const rhythm = (on: number) => exclusive(0, 0x41, 0x10, 0x42, 0x12, 0x40, 0x11, 0x15, on, 0);
    const track = [
      ...note(0, 1, 60, 96),
      ...rhythm(1),
      ...note(0, 1, 40, 96),
      ...rhythm(0),
      ...note(0, 1, 62, 96),
      ...at(0, 0xa0, 62, 9),
      ...end(),
    ];
    const score = transformPerformance(await parseScore({ bytes: smf(0, 96, [track]) }), { transpose: -12 });
    expect(notes(score, 0).map((moved) => moved.key)).toEqual([48, 40, 50]);
    expect(score.parts[0]!.events).toContainEqual({ kind: 'keyPressure', time: 1.5, key: 50, pressure: 9 });
  });

  test.each([
    ['XG', [0x43, 0x10, 0x4c, 0, 0, 0x7e, 0], 127, 0],
    ['General MIDI 2', [0x7e, 0x7f, 9, 3], 120, 121],
  ])('leaves drums alone that a bank of %s makes', async (_, reset, drums, melodies) => {
    const select = (bank: number) => [...at(0, 0xb8, 0, bank), ...at(0, 0xc8, 0)];
    const track = [
      ...exclusive(0, ...reset),
      ...[...select(drums), ...note(0, 9, 36, 96)],
      ...[...select(melodies), ...note(0, 9, 60, 96)],
      ...end(),
    ];
    const score = transformPerformance(await parseScore({ bytes: smf(0, 96, [track]) }), { transpose: 5 });
    expect(notes(score, 0).map((moved) => moved.key)).toEqual([36, 65]);
  });

  test('takes a retuned scale along', async () => {
    const retune = exclusive(0, 0x7f, 0x7f, 8, 2, 0, 1, 60, 60, 0x40, 0);
    const score = transformPerformance(
      await parseScore({ bytes: smf(0, 96, [[...retune, ...note(0, 1, 60, 96), ...end()]]) }),
      { transpose: 2 },
    );
    const cents = score.parts[0]!.events.flatMap((event) =>
      event.kind === 'system' && event.message.type === 'tuning' ? [event.message.cents] : [],
    );
    expect([cents[0]![60], cents[0]![62]]).toEqual([0, 50]);
    expect(notes(score, 0)[0]!.key).toBe(62);
  });

  test('leaves out what leaves the keys, and says how much', async () => {
    const score = await parseScore({ bytes: smf(0, 96, [[...note(0, 1, 100, 96), ...note(0, 1, 20, 96), ...end()]]) });
    const up = transformPerformance(score, { transpose: 48 });
    expect(notes(up, 0).map((moved) => moved.key)).toEqual([68]);
    expect(up.noteCount).toBe(1);
    expect(up.warnings).toEqual([
      { code: 'transposed-out-of-range', message: expect.stringContaining('1 of the notes') },
    ]);
  });
});

describe('tempo factor', () => {
  test.each([0.5, 1, 3])('%d divides all times and keeps beats and bars', async (tempoFactor) => {
    const score = await parseScore({ bytes: randomSmf(3) });
    const faster = transformPerformance(score, { tempoFactor });
    for (const [index] of score.parts.entries())
      for (const [at, event] of score.parts[index]!.events.entries())
        expect(faster.parts[index]!.events[at]!.time * tempoFactor).toBeCloseTo(event.time, 9);
    for (const bar of [1, 2.5, 7]) {
      const beat = beatAtBar(score.tempoMap, bar);
      expect(beatAtBar(faster.tempoMap, bar)).toBe(beat);
      expect(secondsAtBeat(faster.tempoMap, beat) * tempoFactor).toBeCloseTo(secondsAtBeat(score.tempoMap, beat), 9);
    }
    expect(faster.endSeconds * tempoFactor).toBeCloseTo(score.endSeconds, 9);
  });

  test('that makes the music longer than the limit is refused', async () => {
    const score = await parseScore({ song: band });
    const limits = {
      maxBytes: 1,
      maxInflatedBytes: 1,
      maxParts: 99,
      maxNotes: 999,
      maxEvents: 999,
      maxDurationSeconds: 60,
    };
    expect(() => transformPerformance(score, { tempoFactor: 0.1 }, limits)).toThrow(
      expect.objectContaining({ code: 'score-too-long', status: 413 }),
    );
  });
});

describe('count-in and metronome', () => {
  const sixEight = smf(0, 96, [
    [...meta(0, 0x58, [6, 3, 36, 8]), ...tempo(0, 500_000), ...meta(0, 6, 'Start'), ...note(0, 1, 60, 288), ...end()],
  ]);

  test('two bars of eighths before a score in 6/8, which keeps its bar numbers', async () => {
    const score = transformPerformance(await parseScore({ bytes: sixEight }), { countInBars: 2 });
    expect(notes(score, 0)[0]).toMatchObject({ time: 3, key: 60 });
    expect(score.parts[1]).toMatchObject({ index: 1, name: 'Metronome', percussion: true });
    expect(notes(score, 1).map((click) => click.time)).toEqual(Array.from({ length: 12 }, (_, index) => index / 4));
    expect(notes(score, 1).map((click) => click.key)).toEqual([76, 37, 37, 37, 37, 37, 76, 37, 37, 37, 37, 37]);
    expect(secondsAtBeat(score.tempoMap, beatAtBar(score.tempoMap, 1))).toBe(3);
    expect(secondsAtBeat(score.tempoMap, beatAtBar(score.tempoMap, -1))).toBe(0);
    expect(score.markers).toEqual([{ time: 3, text: 'Start' }]);
    expect(score.endSeconds).toBe(4.5);
    expect(score.noteCount).toBe(13);
  });

  test('a metronome clicks to the end, through changes of metre and tempo', async () => {
    const track = [
      ...meta(0, 0x58, [3, 2, 24, 8]),
      ...tempo(0, 1_000_000),
      ...meta(288, 0x58, [2, 2, 24, 8]),
      ...tempo(0, 500_000),
      ...note(0, 1, 60, 384),
      ...end(),
    ];
    const score = transformPerformance(await parseScore({ bytes: smf(0, 96, [track]) }), { metronome: true });
    expect(notes(score, 1).map((click) => [click.time, click.key])).toEqual([
      [0, 76],
      [1, 37],
      [2, 37],
      [3, 76],
      [3.5, 37],
      [4, 76],
      [4.5, 37],
    ]);
  });

  test('bars of eleven eighths are counted in eighths', async () => {
    const score = transformPerformance(await parseScore({ song: elevenEight }), { countInBars: 1 });
    expect(notes(score, 1)).toHaveLength(11);
    expect(notes(score, 0)[0]!.time).toBeCloseTo(8, 9);
  });

  test("a song's metronome is as dry as the song", async () => {
    const song = { Tempo: 60, Tracks: [{ Bars: [{ SoundEvents: [{ Note: { Name: 'C', Octave: 5 } }] }] }] };
    const [first] = transformPerformance(await parseScore({ song }), { metronome: true }).parts[1]!.events;
    expect(first).toEqual({ kind: 'controller', time: 0, controller: 91, value: 0 });
    const midi = transformPerformance(await parseScore({ bytes: sixEight }), { metronome: true });
    expect(midi.parts[1]!.events[0]).toMatchObject({ kind: 'note' });
  });

  test('clicks beyond number are left out with a warning', async () => {
    const song = {
      Tempo: 100_000,
      Tracks: [{ Instrument: 'Flute', Bars: [{ SoundEvents: [{ Beat: 1e7, Note: { Name: 'C', Octave: 5 } }] }] }],
    };
    const score = transformPerformance(await parseScore({ song }), { metronome: true });
    expect(score.parts).toHaveLength(1);
    expect(score.warnings.map((warning) => warning.code)).toEqual(['metronome-left-out']);
  });

  test('nothing asked for is nothing changed', async () => {
    const score = await parseScore({ song: band });
    expect(transformPerformance(score, {})).toBe(score);
  });
});

describe('the timing table', () => {
  test('lists every note with onset and release in seconds', async () => {
    const conductor = [...tempo(0, 500_000), ...tempo(96, 1_000_000), ...end()];
    const score = await parseScore({
      bytes: smf(1, 96, [
        conductor,
        [...meta(0, 3, 'B'), ...note(96, 2, 64, 48, 9), ...end()],
        [...meta(0, 3, 'A'), ...note(0, 1, 60, 192, 70), ...end()],
      ]),
    });
    expect(timingTable(score)).toEqual([
      { part: 0, partName: 'A', key: 60, velocity: 70, onset: 0, release: 1.5 },
      { part: 1, partName: 'B', key: 64, velocity: 9, onset: 0.5, release: 1 },
    ]);
  });
});
