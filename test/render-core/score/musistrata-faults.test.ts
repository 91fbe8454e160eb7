import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SCORE_LIMITS, parseScore, songSchema } from '@musistrata/render-core';
import { z } from 'zod';
import { oneNote, refusal, text } from './read-songs.js';
import { band, elevenEight, event, everyField, overlapOverhang, track, unequalEmptySilent } from './songs.js';

describe('a faulty song', () => {
  test('is refused with every fault at its place, and nothing is coerced', async () => {
    const bar = (more: object) => ({ SoundEvents: [{ Beat: 0, Note: { Name: 'C', Octave: 5 }, ...more }] });
    const error = await refusal({
      Tempo: '120',
      BeatsPerBar: 4,
      Tracks: [
        {
          Instrument: 'Default_Synth',
          IsDrumsTrack: 'no',
          BankUsed: -1,
          Bars: [
            bar({ Beat: -1 }),
            bar({ Duration: -0.5 }),
            bar({ Velocity: -5 }),
            bar({ Velocity: 300 }),
            bar({ Note: { Name: 'Db', Octave: 5 } }),
            bar({ Note: { Name: 'H', Octave: 5 } }),
            bar({ Note: { Name: 'C', Octave: -1 } }),
            bar({ Note: { Name: 'C', Octave: 5.5 } }),
            bar({ Beat: '0' }),
            bar({ Note: { Name: 'C', Octave: 11 } }),
            bar({ Beat: null, Note: null }),
            bar({ Note: { octave: 5 } }),
            { SoundEvents: null },
            7,
          ],
        },
        { Instrument: 128 },
        { Instrument: 1.5, Name: null },
        null,
      ],
    });
    expect([error.code, error.status]).toEqual(['score-invalid', 422]);
    const at = (bar: number, rest: string) => `/Tracks/0/Bars/${bar}/SoundEvents${rest}`;
    expect(error.errors.map((fault) => fault.pointer).sort()).toEqual(
      [
        '/Tempo',
        '/Tracks/0/IsDrumsTrack',
        '/Tracks/0/BankUsed',
        at(0, '/0/Beat'),
        at(1, '/0/Duration'),
        at(2, '/0/Velocity'),
        at(3, '/0/Velocity'),
        at(4, '/0/Note/Name'),
        at(5, '/0/Note/Name'),
        at(6, '/0/Note/Octave'),
        at(7, '/0/Note/Octave'),
        at(8, '/0/Beat'),
        at(9, '/0/Note/Octave'),
        at(10, '/0/Beat'),
        at(10, '/0/Note'),
        at(11, '/0/Note/Name'),
        at(12, ''),
        '/Tracks/0/Bars/13',
        '/Tracks/1/Instrument',
        '/Tracks/2/Instrument',
        '/Tracks/2/Name',
        '/Tracks/3',
      ].sort(),
    );
    expect(error.errors.every((fault) => fault.message.length > 5)).toBe(true);
  });

  test.each([
    ['Tempo', 0],
    ['Tempo', -60],
    ['Tempo', Number.NaN],
    ['Tempo', Number.POSITIVE_INFINITY],
    ['Tempo', null],
    ['BeatsPerBar', 0],
    ['BeatsPerBar', -4],
    ['BeatsPerBar', true],
  ])('%s %p is refused', async (key, value) => {
    const error = await refusal({ [key]: value, Tracks: [] });
    expect(error.errors.map((fault) => fault.pointer)).toEqual([`/${key}`]);
  });

  test.each([
    [{ Name: 'C', Octave: '5' }, '/Octave'],
    [{ Name: 'C', Octave: true }, '/Octave'],
    [{ Name: 'C' }, '/Octave'],
    [{ name: 'Es', octave: 4 }, '/name'],
    [{ Name: 'C#', Octave: 4 }, '/Name'],
    [{ Name: 3, Octave: 4 }, '/Name'],
    [[], ''],
    ['C5', ''],
  ])('note %j is refused', async (note, place) => {
    const error = await refusal(oneNote(note));
    expect(error.errors.map((fault) => fault.pointer)).toEqual([`/Tracks/0/Bars/0/SoundEvents/0/Note${place}`]);
  });

  test.each([[null], [[]], ['text'], [1], [{}], [{ Tracks: {} }]])('%j is no song', async (song) => {
    expect((await refusal(JSON.stringify(song), { hint: 'application/json' })).code).toMatch(
      /score-(invalid|unreadable)/,
    );
    expect((await refusal(Object(song))).status).toBe(422);
  });

  test('names the key that was meant when the tracks are missing', async () => {
    expect((await refusal({ tracks: [] })).errors[0]!.message).toContain('"Tracks" instead of "tracks"');
  });

  test.each(['{"Tempo": NaN, "Tracks": []}', '{', '{"Tracks": [}', '{"a": "\u0001"}'])(
    '%p is not JSON',
    async (json) => {
      expect(await refusal(json)).toMatchObject({ code: 'score-unreadable', status: 400 });
    },
  );

  test('is refused when it is not UTF-8', async () => {
    await expect(parseScore({ bytes: Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d) })).rejects.toMatchObject({
      status: 400,
    });
  });

  test('numbers beyond all bounds in the text are refused', async () => {
    const error = await refusal(
      '{"Tempo": 1e999, "Tracks": [{"Bars": [{"SoundEvents": [{"Beat": 1e300, "Note": {"Name": "C", "Octave": 1e400}}]}]}]}',
    );
    expect(error.errors).toHaveLength(3);
  });

  test('with more faults than anybody reads lists the first thousand', async () => {
    const SoundEvents = Array(5000).fill({ Note: null });
    expect((await refusal({ Tracks: [{ Bars: [{ SoundEvents }] }] })).errors).toHaveLength(1001);
  });
});

describe('limits', () => {
  test('a song that claims a month is refused', async () => {
    expect(await refusal(oneNote({ Name: 'C', Octave: 5 }, { Duration: 1e7 }))).toMatchObject({
      code: 'score-too-long',
      status: 413,
    });
    expect(await refusal({ Tempo: 0.01, BeatsPerBar: 10_000, Tracks: [{ Bars: [{}] }] })).toMatchObject({
      status: 413,
    });
  });

  test('parts, notes and bytes are counted first', async () => {
    const song = {
      Tracks: [
        track('a', 'Flute', [[event(0, 1, 'C5'), event(1, 1, 'C5')]]),
        track('b', 'Flute', [[event(0, 1, 'C5')]]),
      ],
    };
    await expect(parseScore({ song }, { limits: { maxNotes: 3, maxParts: 2 } })).resolves.toMatchObject({
      noteCount: 3,
    });
    expect(await refusal(song, { limits: { maxNotes: 2 } })).toMatchObject({ code: 'score-too-large', status: 413 });
    expect(await refusal(song, { limits: { maxParts: 1 } })).toMatchObject({ code: 'score-too-large', status: 413 });
    expect(await refusal(JSON.stringify(song), { limits: { maxBytes: 100 } })).toMatchObject({
      code: 'score-too-large',
    });
    expect(await refusal({ Tracks: Array(DEFAULT_SCORE_LIMITS.maxParts + 1).fill({}) })).toMatchObject({ status: 413 });
  });

  test('a song nested a million deep, or with a million unknown keys, is harmless', async () => {
    const deep = `{"Tracks": [], "x": ${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    expect((await parseScore(text(deep))).warnings).toHaveLength(1);
    const wide = `{"Tracks": [] ${Array.from({ length: 100_000 }, (_, index) => `, "k${index}": 0`).join('')}}`;
    expect((await parseScore(text(wide))).warnings).toHaveLength(21);
  });
});

describe('the song schema', () => {
  test('accepts what the reader accepts', () => {
    for (const song of [everyField, overlapOverhang, unequalEmptySilent, band, elevenEight])
      expect(songSchema.safeParse(song).success).toBe(true);
    expect(songSchema.safeParse(oneNote({ name: 'cs', octave: 4 })).success).toBe(true);
    expect(songSchema.safeParse(oneNote({ name: 'Db', octave: 4 })).success).toBe(false);
  });

  test('becomes a JSON schema in which only tracks and notes are required', () => {
    const schema = z.toJSONSchema(songSchema, { io: 'input' });
    expect(schema).toMatchObject({ type: 'object', required: ['Tracks'] });
    expect(JSON.stringify(schema)).toContain('"required":["Note"]');
  });
});
