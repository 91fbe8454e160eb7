import { describe, expect, test } from '@jest/globals';
import { parseScore } from '@musistrata/render-core';
import { notes, text } from './read-songs.js';
import { band, elevenEight, event, everyField, overlapOverhang, track, unequalEmptySilent } from './songs.js';

describe('a MusiStrata song', () => {
  test('has every event at (bar x beats per bar + beat) x 60 / tempo', async () => {
    const score = await parseScore({ song: everyField });
    expect(score.noteCount).toBe(74);
    expect(score.endSeconds).toBeCloseTo((16 * 60) / 97.5, 9);
    expect(score.parts.map((part) => part.name)).toEqual(['Lead – mélodie', 'Pad', 'Bells', 'Guitar']);
    expect(score.parts.map((part) => part.instrument?.bank)).toEqual([2, 0, 127, 0]);
    for (const [index, note] of notes(score).entries()) {
      expect(note.time).toBeCloseTo((index / 3) * (60 / 97.5), 9);
      expect(note.duration).toBeCloseTo(60 / 97.5 / 3, 9);
    }
    expect(notes(score).map((note) => note.key)).toEqual(
      [36, 48, 60, 36].flatMap((c) => Array.from({ length: 12 }, (_, semitone) => c + semitone)),
    );
    expect(notes(score, 2).map((note) => note.velocity)).toEqual([127, 1, 60, 60]);
    expect(score).toMatchObject({ format: 'musistrata', defaultTail: 'two-seconds', title: null, warnings: [] });
    expect(score.parts.every((part) => part.velocityCurve === 'linear' && part.channel === null)).toBe(true);
  });

  test('reads the same from text as from parsed JSON, with or without a byte order mark', async () => {
    const json = JSON.stringify(everyField);
    expect(await parseScore(text(json))).toEqual(await parseScore({ song: everyField }));
    expect(await parseScore(text(`\ufeff \n${json}`))).toEqual(await parseScore({ song: everyField }));
  });

  test('plays disorder in order, pick-ups before their bar, and is as long as its last note', async () => {
    const score = await parseScore({ song: overlapOverhang });
    expect(notes(score).map((note) => [note.time, note.key, note.duration])).toEqual([
      [0, 60, 3],
      [1, 64, 0],
      [2, 60, 2],
      [3.5, 60, 0.25],
      [3.5, 55, 0.5],
      [7, 59, 6],
      [8, 57, 1],
    ]);
    expect(score.endSeconds).toBe(30);
  });

  test('keeps silent and empty tracks and is as long as the longest', async () => {
    const score = await parseScore({ song: unequalEmptySilent });
    expect(score.parts.map((part) => part.events.length)).toEqual([1, 2, 0, 0, 1]);
    expect(score.parts.map((part) => part.index)).toEqual([0, 1, 2, 3, 4]);
    expect(score.endSeconds).toBeCloseTo(7.2, 12);
    expect(notes(score, 1)[1]!.time).toBeCloseTo(6.6, 12);
  });

  test('takes drums by key, instruments by name or number, and banks', async () => {
    const score = await parseScore({ song: band });
    expect(score.parts.map((part) => part.percussion)).toEqual([false, false, false, true, false, false]);
    expect(new Set(notes(score, 3).map((note) => note.key))).toEqual(new Set([36, 38, 42]));
    expect(score.parts[5]!.instrument).toEqual({ name: null, program: 11, bank: 0, pointer: '/Tracks/5/Instrument' });
    expect(score.parts[4]!.instrument).toMatchObject({ name: 'String Ensemble 1', program: null, bank: 8 });
  });

  test('has bars of any length', async () => {
    const score = await parseScore({ song: elevenEight });
    expect(score.tempoMap.meters).toEqual([{ beat: 0, bar: 1, beatsPerBar: 5.5, numerator: 11, denominator: 8 }]);
    expect(notes(score)[4]!.time).toBeCloseTo(8, 12);
    expect(score.endSeconds).toBeCloseTo(16, 12);
  });

  test('gets defaults for what is missing; unknown keys are ignored and reported', async () => {
    const score = await parseScore({
      song: {
        Tracks: [
          { Instrument: 'Default_Synth', Bars: [{ SoundEvents: [{ Note: { Name: 'C', Octave: 5 } }] }] },
          { Name: 'Kazoo', Instrument: 'Kazoo', Bars: [{}] },
          { Name: 'nothing', bars: [] },
        ],
        Title: 'unknown',
        tempo: 90,
      },
    });
    expect(score.tempoMap.tempos).toEqual([{ beat: 0, seconds: 0, beatsPerMinute: 80 }]);
    expect(score.tempoMap.meters[0]!.beatsPerBar).toBe(4);
    expect(notes(score)).toEqual([{ kind: 'note', time: 0, key: 60, velocity: 60, duration: 0.75 }]);
    expect(score.parts.map((part) => part.name)).toEqual(['Untitled', 'Kazoo', 'nothing']);
    expect(score.parts[2]!.instrument).toMatchObject({ name: '', bank: 0 });
    expect(score.warnings.map((warning) => [warning.code, warning.pointer])).toEqual([
      ['ignored-key', '/Title'],
      ['ignored-key', '/tempo'],
      ['ignored-key', '/Tracks/2/bars'],
    ]);
    expect(score.warnings[1]!.message).toContain('Did you mean "Tempo"?');
  });

  test('of the later shape sounds the same', async () => {
    const song = (note: (name: string, octave: number) => object) => ({
      Tracks: [
        {
          Bars: [
            {
              SoundEvents: [
                { Note: note('cs', 5), Velocity: 99 },
                { Beat: 1, Note: note('Gs', 4) },
              ],
            },
          ],
        },
      ],
    });
    const later = await parseScore({ song: song((name, octave) => ({ name, octave })) });
    expect(later.parts).toEqual((await parseScore({ song: song((Name, Octave) => ({ Name, Octave })) })).parts);
    expect(notes(later).map((note) => [note.key, note.velocity])).toEqual([
      [61, 99],
      [56, 60],
    ]);
    expect(later.warnings).toEqual([]);
  });

  test.each([
    ['midi', 0, 60],
    ['scientific', 0, 72],
    ['seed', 0, 48],
    ['midi', -1, 48],
    ['scientific', 2, 96],
  ] as const)('read as %s, %d octaves up, C5 is key %d; drums stay', async (pitch, octaveShift, key) => {
    const song = {
      Tracks: [
        track('a', 'Flute', [[event(0, 1, 'C5')]]),
        track('b', '', [[event(0, 1, 'C3')]], { IsDrumsTrack: true }),
      ],
    };
    const score = await parseScore({ song }, { pitch, octaveShift });
    expect(notes(score)[0]!.key).toBe(key);
    expect(notes(score, 1)[0]!.key).toBe(36);
  });

  test('without tracks or notes is silence', async () => {
    expect(await parseScore({ song: { Tracks: [] } })).toMatchObject({ parts: [], noteCount: 0, endSeconds: 0 });
  });
});
