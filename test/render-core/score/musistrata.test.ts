import { describe, expect, test } from '@jest/globals';
import {
  DEFAULT_SCORE_LIMITS,
  type NoteEvent,
  type Performance,
  parseScore,
  ScoreError,
  type ScoreOptions,
  songSchema,
} from '@musistrata/render-core';
import { z } from 'zod';
import { band, elevenEight, event, everyField, overlapOverhang, track, unequalEmptySilent } from './songs.js';

const text = (json: string) => ({ bytes: new TextEncoder().encode(json) });

async function refusal(song: unknown, options?: ScoreOptions): Promise<ScoreError> {
  const input = typeof song === 'string' ? text(song) : { song };
  const error = await parseScore(input, options).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ScoreError);
  return error as ScoreError;
}

function notes(score: Performance, part = 0): NoteEvent[] {
  return score.parts[part]!.events.filter((candidate) => candidate.kind === 'note');
}

const oneNote = (note: unknown, more: object = {}) => ({
  Tracks: [{ Instrument: 'Vibraphone', Bars: [{ SoundEvents: [{ Note: note, ...more }] }] }],
});

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
