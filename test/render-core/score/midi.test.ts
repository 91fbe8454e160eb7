import { describe, expect, test } from '@jest/globals';
import { type NoteEvent, type PartEvent, type Performance, parseScore, ScoreError } from '@musistrata/render-core';
import { at, chunk, end, exclusive, meta, note, rmid, smf, tempo } from './smf.js';

const read = (bytes: Uint8Array) => parseScore({ bytes });

function notes(score: Performance, part = 0): NoteEvent[] {
  return score.parts[part]!.events.filter((event) => event.kind === 'note');
}

async function refusal(bytes: Uint8Array): Promise<ScoreError> {
  const error = await read(bytes).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ScoreError);
  return error as ScoreError;
}

/** The events of a part without their times, notes left out. */
function controls(score: Performance, part = 0): Omit<PartEvent, 'time'>[] {
  return score.parts[part]!.events.filter((event) => event.kind !== 'note').map(({ time: _, ...event }) => event);
}

describe('time', () => {
  test('follows the tempo map exactly', async () => {
    // 480 ticks at 120, 480 ticks at 60, then 100.
    const conductor = [...tempo(0, 500_000), ...tempo(480, 1_000_000), ...tempo(480, 600_000), ...end()];
    const line = [...note(240, 1, 60, 480), ...note(0, 1, 62, 480), ...note(480, 1, 64, 240), ...end()];
    const score = await read(smf(1, 480, [conductor, line]));
    expect(notes(score).map(({ time, duration }) => [time, duration])).toEqual(
      [
        [0.25, 0.75],
        [1, 0.8],
        [2.4, 0.3],
      ].map(([time, duration]) => [expect.closeTo(time!, 12), expect.closeTo(duration!, 12)]),
    );
    expect(score.tempoMap.tempos).toEqual([
      { beat: 0, seconds: 0, beatsPerMinute: 120 },
      { beat: 1, seconds: 0.5, beatsPerMinute: 60 },
      { beat: 2, seconds: 1.5, beatsPerMinute: 100 },
    ]);
    expect(score.endSeconds).toBeCloseTo(2.7, 12);
  });

  test('does not drift over a hundred thousand tempo changes', async () => {
    const changes = Array.from({ length: 100_000 }, (_, index) => tempo(1, 333_333 + (index % 2))).flat();
    const score = await read(
      smf(1, 96, [
        [...changes, ...end()],
        [...note(100_000, 1, 60, 96), ...end()],
      ]),
    );
    // In microseconds, times 96: one tick at 120, then 333333 and 333334 in turn.
    const units = 500_000 + 50_000 * 333_333 + 49_999 * 333_334;
    expect(notes(score)[0]!.time).toBe(units / 96e6);
  });

  test('is 120 until a tempo is set, and a tempo of nothing is ignored', async () => {
    const score = await read(smf(0, 100, [[...tempo(0, 0), ...note(100, 1, 60, 100), ...end()]]));
    expect(notes(score)[0]).toMatchObject({ time: 0.5, duration: 0.5 });
    expect(score.warnings.map((warning) => warning.code)).toEqual(['midi-damaged']);
  });

  test.each([
    [0xe728, 25 * 40],
    [0xe808, 24 * 8],
    [0xe250, 30 * 80],
    [0xe364, (30_000 / 1001) * 100],
  ])('SMPTE division %i has %d ticks a second, whatever the tempo', async (division, rate) => {
    const score = await read(smf(0, division, [[...tempo(0, 1_000_000), ...note(500, 1, 60, 250), ...end()]]));
    expect(notes(score)[0]!.time).toBeCloseTo(500 / rate, 12);
    expect(notes(score)[0]!.duration).toBeCloseTo(250 / rate, 12);
  });

  test('the patterns of a format 2 file follow each other, each with its own tempo', async () => {
    const first = [...tempo(0, 1_000_000), ...note(0, 1, 60, 96), ...end(96)];
    const second = [...note(96, 2, 62, 96), ...end()];
    const score = await read(smf(2, 96, [first, second]));
    expect(notes(score, 0)[0]).toMatchObject({ time: 0, duration: 1 });
    expect(notes(score, 1)[0]).toMatchObject({ time: 2.5, duration: 0.5 });
    expect(score.endSeconds).toBe(3);
    // The second pattern starts a bar of its own.
    expect(score.tempoMap.meters.map(({ beat, bar }) => [beat, bar])).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });

  test('bars are counted through time signatures, broken bars included', async () => {
    const signatures = [
      ...meta(0, 0x58, [3, 2, 24, 8]),
      ...meta(6 * 96, 0x58, [6, 3, 36, 8]),
      ...meta(4 * 96, 0x58, [4, 2, 24, 8]),
      ...meta(0, 0x58, [4, 200, 24, 8]),
    ];
    const score = await read(smf(0, 96, [[...signatures, ...note(0, 1, 60, 1), ...end()]]));
    expect(score.tempoMap.meters).toEqual([
      { beat: 0, bar: 1, beatsPerBar: 3, numerator: 3, denominator: 4 },
      { beat: 6, bar: 3, beatsPerBar: 3, numerator: 6, denominator: 8 },
      { beat: 10, bar: 5, beatsPerBar: 4, numerator: 4, denominator: 4 },
    ]);
  });
});

describe('notes', () => {
  test('end by note-off or by note-on with velocity 0, with running status', async () => {
    const track = [...at(0, 0x90, 60, 100), ...at(48, 64, 90), ...at(48, 60, 0), ...at(48, 64, 0), ...end()];
    expect(notes(await read(smf(0, 48, [track])))).toEqual([
      { kind: 'note', time: 0, key: 60, velocity: 100, duration: 1 },
      { kind: 'note', time: 0.5, key: 64, velocity: 90, duration: 1 },
    ]);
  });

  test('of equal key that overlap end in the order in which they started', async () => {
    const track = [...at(0, 0x90, 60, 1), ...at(48, 60, 2), ...at(48, 60, 0), ...at(96, 60, 0), ...end()];
    expect(notes(await read(smf(0, 48, [track]))).map(({ time, duration }) => [time, duration])).toEqual([
      [0, 1],
      [0.5, 1.5],
    ]);
  });

  test('that never end, end with their track and a warning; ends without a start are ignored', async () => {
    const track = [...at(0, 0x90, 60, 1), ...at(0, 0x80, 61, 0), ...at(0, 0x91, 60, 1), ...end(96)];
    const score = await read(smf(1, 48, [track, [...note(960, 1, 70, 48), ...end()]]));
    expect(notes(score)[0]).toMatchObject({ key: 60, duration: 1 });
    expect(score.warnings).toEqual([
      { code: 'midi-hanging-notes', message: expect.stringContaining('2 of its notes') },
    ]);
  });

  test('of no length are struck and released at once', async () => {
    expect(notes(await read(smf(0, 48, [[...note(0, 1, 60, 0), ...end()]])))[0]!.duration).toBe(0);
  });
});

describe('parts', () => {
  test('are the channels of the ports that have notes', async () => {
    const port = (number: number) => meta(0, 0x21, [number]);
    const score = await read(
      smf(1, 96, [
        [...meta(0, 3, 'Song'), ...end()],
        [...port(1), ...meta(0, 3, 'Second port'), ...note(0, 1, 60, 1), ...end()],
        [...port(0), ...note(0, 10, 36, 1), ...note(0, 1, 60, 1), ...at(0, 0xb4, 7, 1), ...end()],
      ]),
    );
    expect(
      score.parts.map(({ index, port, channel, percussion, name }) => [index, port, channel, percussion, name]),
    ).toEqual([
      [0, 0, 1, false, 'Channel 1, port 0'],
      [1, 0, 10, true, 'Standard Kit'],
      [2, 1, 1, false, 'Second port'],
    ]);
    expect(score.title).toBe('Song');
  });

  test('are named after their track, their program or their channel', async () => {
    const score = await read(
      smf(1, 96, [
        [...meta(0, 3, 'Left'), ...note(0, 1, 40, 1), ...end()],
        [...meta(0, 3, 'Right'), ...note(0, 1, 60, 1), ...end()],
        [
          ...meta(0, 3, 'Band'),
          ...at(0, 0xc1, 11),
          ...at(0, 0xc3, 11),
          ...note(0, 2, 60, 1),
          ...note(0, 3, 60, 1),
          ...note(0, 4, 60, 1),
          ...end(),
        ],
        [...meta(0, 4, 'Horn'), ...note(0, 5, 60, 1), ...end()],
        [...at(0, 0xc9, 32), ...note(0, 10, 60, 1), ...end()],
      ]),
    );
    expect(score.parts.map((part) => part.name)).toEqual([
      'Left / Right',
      'Vibraphone',
      'Channel 3',
      'Vibraphone 2',
      'Horn',
      'Jazz Kit',
    ]);
    expect(score.parts.every((part) => part.velocityCurve === 'source' && part.instrument === null)).toBe(true);
  });

  test('hold what their channel gets in the order of the file, before the notes of other tracks', async () => {
    const late = [...at(0, 0xb0, 7, 90), ...at(0, 0xc0, 5), ...end()];
    const line = [
      ...at(0, 0xe0, 0, 0x50),
      ...at(0, 0x90, 60, 64),
      ...at(0, 0xb0, 11, 30),
      ...at(0, 0xd0, 77),
      ...at(0, 0xa0, 60, 33),
      ...at(96, 0x80, 60, 0),
      ...end(),
    ];
    const score = await read(smf(1, 96, [line, late]));
    expect(score.parts[0]!.events.map(({ time: _, ...event }) => event)).toEqual([
      { kind: 'pitchBend', value: 0x2800 },
      { kind: 'controller', controller: 7, value: 90 },
      { kind: 'program', program: 5 },
      { kind: 'note', key: 60, velocity: 64, duration: 0.5 },
      { kind: 'controller', controller: 11, value: 30 },
      { kind: 'channelPressure', pressure: 77 },
      { kind: 'keyPressure', key: 60, pressure: 33 },
    ]);
  });

  test('hold registered parameters as their controllers', async () => {
    const track = [
      ...at(0, 0xb0, 101, 0),
      ...at(0, 100, 0),
      ...at(0, 6, 12),
      ...at(0, 99, 1),
      ...at(0, 98, 8),
      ...note(0, 1, 60, 1),
      ...end(),
    ];
    expect(controls(await read(smf(0, 96, [track])))).toEqual(
      [
        [101, 0],
        [100, 0],
        [6, 12],
        [99, 1],
        [98, 8],
      ].map(([controller, value]) => ({ kind: 'controller', controller, value })),
    );
  });
});

describe('texts', () => {
  test('title, copyright, markers, cue points and lyrics are carried over', async () => {
    const conductor = [
      ...meta(0, 3, '  Añejo \u0000'),
      ...meta(0, 2, [0xa9, 0x20, 0x31, 0x39, 0x39, 0x39]),
      ...meta(96, 6, 'Verse'),
      ...meta(96, 7, 'Thunder'),
      ...meta(0, 5, 'La '),
      ...meta(96, 5, '\rla'),
      ...meta(0, 1, 'a comment'),
      ...end(),
    ];
    expect(await read(smf(1, 96, [conductor, [...note(0, 1, 60, 1), ...end()]]))).toMatchObject({
      title: 'Añejo',
      copyright: '© 1999',
      markers: [
        { time: 0.5, text: 'Verse' },
        { time: 1, text: 'Thunder' },
      ],
      lyrics: [
        { time: 1, text: 'La ' },
        { time: 1.5, text: '\nla' },
      ],
    });
  });

  test('a karaoke file has its title and syllables in text events', async () => {
    const words = [
      ...meta(0, 1, '@KMIDI KARAOKE FILE'),
      ...meta(0, 1, '@TMy song'),
      ...meta(0, 1, '\\Hel'),
      ...meta(96, 1, 'lo'),
      ...meta(96, 1, '/you'),
      ...end(),
    ];
    const score = await read(
      smf(1, 96, [[...meta(0, 3, 'Soft Karaoke'), ...end()], words, [...note(0, 1, 60, 1), ...end()]]),
    );
    expect(score.title).toBe('My song');
    expect(score.lyrics.map((lyric) => lyric.text)).toEqual(['\nHel', 'lo', '\nyou']);
  });

  test('an .rmi file has its title in the wrapper', async () => {
    const file = smf(0, 96, [[...note(0, 1, 60, 96), ...end()]]);
    const score = await read(rmid(file, { INAM: 'Wrapped', ICOP: 'Nobody' }));
    expect(score).toMatchObject({ title: 'Wrapped', copyright: 'Nobody', noteCount: 1 });
  });
});

describe('system exclusive messages', () => {
  const twoParts = (messages: readonly number[]) =>
    smf(1, 96, [
      [...messages, ...end()],
      [...note(0, 1, 60, 96), ...note(96, 1, 60, 96), ...end()],
      [...note(0, 11, 60, 96), ...end()],
    ]);

  test.each([
    ['gm', [0x7e, 0x7f, 9, 1]],
    ['gm-off', [0x7e, 0x7f, 9, 2]],
    ['gm2', [0x7e, 0x7f, 9, 3]],
    ['gs', [0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7f, 0, 0x41]],
    ['gs', [0x41, 0x10, 0x42, 0x12, 0, 0, 0x7f, 1, 0]],
    ['xg', [0x43, 0x10, 0x4c, 0, 0, 0x7e, 0]],
  ])('a %s reset reaches every part', async (system, data) => {
    const score = await read(twoParts(exclusive(0, ...data)));
    for (const part of [0, 1])
      expect(controls(score, part)).toEqual([{ kind: 'system', message: { type: 'reset', system } }]);
  });

  test.each([
    ['universal', [0x7f, 0x7f, 4, 1, 0x7f, 0x3f], 8191 / 16383],
    ['GS', [0x41, 0x10, 0x42, 0x12, 0x40, 0, 4, 64, 0x78], 64 / 127],
    ['XG', [0x43, 0x10, 0x4c, 0, 0, 4, 64], 64 / 127],
  ])('%s master volume', async (_, data, value) => {
    expect(controls(await read(twoParts(exclusive(0, ...data))), 1)).toEqual([
      { kind: 'system', message: { type: 'masterVolume', value: expect.closeTo(value, 9) } },
    ]);
  });

  test('fine and coarse master tuning add up; coarse leaves drums alone', async () => {
    const messages = [...exclusive(0, 0x7f, 0x7f, 4, 3, 0, 0x50), ...exclusive(0, 0x7f, 0x7f, 4, 4, 0, 66)];
    const file = smf(1, 96, [
      [...messages, ...end()],
      [...note(0, 1, 60, 1), ...end()],
      [...note(0, 10, 60, 1), ...end()],
    ]);
    const score = await read(file);
    expect(controls(score, 0)).toEqual([{ kind: 'system', message: { type: 'masterTuning', cents: 225 } }]);
    expect(controls(score, 1)).toEqual([{ kind: 'system', message: { type: 'masterTuning', cents: 25 } }]);
  });

  test.each([
    ['GS', [0x41, 0x10, 0x42, 0x12, 0x40, 0, 0, 0, 7, 0xe, 8, 0]],
    ['XG', [0x43, 0x10, 0x4c, 0, 0, 0, 0, 7, 0xe, 8]],
  ])('%s master tune counts tenths of a cent', async (_, data) => {
    expect(controls(await read(twoParts(exclusive(0, ...data))))).toEqual([
      { kind: 'system', message: { type: 'masterTuning', cents: expect.closeTo(100, 9) } },
    ]);
  });

  test.each([
    ['GS, block A', [0x41, 0x10, 0x42, 0x12, 0x40, 0x1a, 0x15, 1, 0x10]],
    ['XG, part 10', [0x43, 0x10, 0x4c, 8, 10, 7, 2]],
  ])('a rhythm part: %s is channel 11', async (_, data) => {
    const score = await read(twoParts(exclusive(0, ...data)));
    expect(score.parts.map((part) => part.percussion)).toEqual([false, true]);
    expect(controls(score, 0)).toEqual([]);
    expect(controls(score, 1)).toEqual([{ kind: 'system', message: { type: 'percussion', on: true } }]);
    expect(score.parts[1]!.name).toBe('Standard Kit');
  });

  test('an XG drum bank makes a part percussion', async () => {
    const channel = [...at(0, 0xb2, 0, 127), ...at(0, 0xc2, 0), ...note(0, 3, 36, 1), ...end()];
    const xg = exclusive(0, 0x43, 0x10, 0x4c, 0, 0, 0x7e, 0);
    expect((await read(smf(1, 96, [[...xg, ...end()], channel]))).parts[0]!.percussion).toBe(true);
    expect((await read(smf(1, 96, [end(), channel]))).parts[0]!.percussion).toBe(false);
  });

  test('part parameters with a controller become it', async () => {
    const gs = exclusive(0, 0x41, 0x10, 0x42, 0x12, 0x40, 0x11, 0x19, 100, 0x76);
    const xg = exclusive(0, 0x43, 0x10, 0x4c, 8, 0, 0x0e, 32);
    expect(controls(await read(twoParts([...gs, ...xg])))).toEqual([
      { kind: 'controller', controller: 7, value: 100 },
      { kind: 'controller', controller: 10, value: 32 },
    ]);
  });

  test('in pieces are put together', async () => {
    const pieces = [...at(0, 0xf0, 3, 0x7e, 0x7f, 9), ...at(0, 0xf7, 2, 1, 0xf7)];
    expect(controls(await read(twoParts(pieces)))).toEqual([
      { kind: 'system', message: { type: 'reset', system: 'gm' } },
    ]);
  });

  test('that are unknown are left out', async () => {
    expect(controls(await read(twoParts([...exclusive(0, 0x42, 1, 2, 3), ...at(0, 0xf7, 1, 0xf8)])))).toEqual([]);
  });
});

describe('the MIDI Tuning Standard', () => {
  const tuned = async (messages: readonly number[]) => {
    const score = await read(smf(0, 96, [[...messages, ...note(0, 1, 60, 96), ...end()]]));
    const events = score.parts[0]!.events.filter((event) => event.kind === 'system');
    return events.flatMap(({ message }) => (message.type === 'tuning' ? [message.cents] : []));
  };

  test('a single note change moves its key: 69 to half a semitone above 70', async () => {
    const [cents, ...more] = await tuned(exclusive(0, 0x7f, 0x7f, 8, 2, 0, 2, 69, 70, 0x40, 0, 60, 127, 127, 127));
    expect(more).toEqual([]);
    expect(cents![69]).toBe(150);
    expect(cents!.filter((value) => value !== 0)).toHaveLength(1);
  });

  test('a bulk dump is heard once its program is selected', async () => {
    const keys = Array.from({ length: 128 }, (_, key) => [key, 0x20, 0]).flat();
    const dump = exclusive(0, 0x7e, 0, 8, 1, 5, ...Array(16).fill(32), ...keys, 0);
    expect(await tuned(dump)).toEqual([]);
    const select = [...at(0, 0xb0, 101, 0), ...at(0, 100, 3), ...at(0, 6, 5)];
    expect(await tuned([...dump, ...select])).toEqual([Array(128).fill(25)]);
  });

  test('scale tuning of one and two bytes, for the channels of its mask', async () => {
    const one = Array.from({ length: 12 }, (_, step) => 64 + step);
    expect((await tuned(exclusive(0, 0x7f, 0x7f, 8, 8, 0, 0, 1, ...one)))[0]!.slice(58, 63)).toEqual([10, 11, 0, 1, 2]);
    expect(await tuned(exclusive(0, 0x7f, 0x7f, 8, 8, 0, 0, 2, ...one))).toEqual([]);
    const two = Array.from({ length: 12 }, () => [0x20, 0]).flat();
    expect((await tuned(exclusive(0, 0x7e, 0x7f, 8, 9, 3, 127, 127, ...two)))[0]![60]).toBe(-50);
  });

  test('GS and XG scale tuning', async () => {
    const gs = exclusive(0, 0x41, 0x10, 0x42, 0x12, 0x40, 0x11, 0x40, ...Array(12).fill(54), 0);
    expect(await tuned(gs)).toEqual([Array(128).fill(-10)]);
    const [cents] = await tuned(exclusive(0, 0x43, 0x10, 0x4c, 8, 0, 0x43, 70));
    expect([cents![62], cents![63]]).toEqual([6, 0]);
  });
});

describe('a damaged file', () => {
  const good = [...note(0, 1, 60, 96), ...end()];
  const header = (tracks: number) => chunk('MThd', [0, 1, 0, tracks, 0, 96]);
  const file = (...pieces: readonly number[][]) => Uint8Array.from(pieces.flat());

  test.each([
    ['no end of track', file(header(1), chunk('MTrk', note(0, 1, 60, 96))), 1],
    ['a chunk length beyond the file, but a complete track', file(header(1), chunk('MTrk', good, 999)), 1],
    [
      'a chunk length that reaches into the next track',
      file(header(2), chunk('MTrk', good, good.length + 5), chunk('MTrk', good)),
      2,
    ],
    ['a chunk length that is too short', file(header(2), chunk('MTrk', good, good.length - 5), chunk('MTrk', good)), 2],
    ['junk between tracks', file(header(2), chunk('MTrk', good), [0, 1, 2, 3, 4], chunk('MTrk', good)), 2],
    ['junk after the last track', file(header(1), chunk('MTrk', good), Array(20).fill(0)), 1],
    ['fewer tracks than announced', file(header(3), chunk('MTrk', good)), 1],
    ['a velocity over 127', file(header(1), chunk('MTrk', [...at(0, 0x90, 60, 200), ...at(96, 60, 0), ...end()])), 1],
  ])('with %s is read with a warning', async (_, bytes, count) => {
    const score = await read(bytes);
    expect(score.noteCount).toBe(count);
    expect(notes(score)[0]!.duration).toBe(0.5);
    expect(score.warnings.length).toBeGreaterThan(0);
  });

  test('foreign chunks and a longer header are no damage', async () => {
    const long = chunk('MThd', [0, 1, 0, 1, 0, 96, 7, 7]);
    expect((await read(file(long, chunk('XFIH', [1, 2, 3]), chunk('MTrk', good)))).warnings).toEqual([]);
  });

  test('a file in a MacBinary envelope is found', async () => {
    expect((await read(file(Array(128).fill(0), header(1), chunk('MTrk', good)))).noteCount).toBe(1);
  });

  test('that is cut off is refused wherever the cut is, with the byte', async () => {
    const whole = file(
      header(2),
      chunk('MTrk', good),
      chunk('MTrk', [...note(0, 2, 60, 960), ...note(300, 2, 60, 960), ...end()]),
    );
    const first = header(2).length + chunk('MTrk', good).length;
    for (let length = first + 8; length < whole.length - 1; length++) {
      const error = await refusal(whole.subarray(0, length));
      expect([error.code, error.status]).toEqual(['score-unreadable', 400]);
      expect(error.message).toMatch(/at byte \d+/);
    }
  });

  test.each([
    ['data without a status', [0, 60, 64]],
    ['a number of five bytes', [0x81, 0x81, 0x81, 0x81, 0x01, 0x90, 60, 64]],
    ['a status in place of data', [0, 0x90, 0x90, 64]],
    ['a text longer than the track', [0, 0xff, 1, 0x40, 0x41]],
  ])('with %s is refused', async (_, events) => {
    expect(await refusal(smf(0, 96, [[...events, ...end()]]))).toMatchObject({ status: 400 });
  });

  test.each([
    ['format 3', file(chunk('MThd', [0, 3, 0, 1, 0, 96]), chunk('MTrk', good))],
    ['no division', file(chunk('MThd', [0, 1, 0, 1, 0, 0]), chunk('MTrk', good))],
    ['no track', file(header(1))],
    ['half a header', file([...'MThd'].map((letter) => letter.charCodeAt(0)))],
    ['a wrapper without contents', rmid(new Uint8Array(), {}).subarray(0, 12)],
  ])('with %s is refused', async (_, bytes) => {
    expect(await refusal(bytes)).toMatchObject({ code: 'score-unreadable', status: 400 });
  });
});

describe('limits', () => {
  test('37 bytes that claim years are refused at once', async () => {
    const years = [...Array(3)].flatMap(() => [0xff, 0xff, 0xff, 0x7f, 0xc0, 0]);
    expect(await refusal(smf(0, 1, [[...years, ...end()]]))).toMatchObject({ code: 'score-too-long', status: 413 });
  });

  test('notes, events and parts are counted before they are made', async () => {
    const bytes = smf(0, 96, [[...note(0, 1, 60, 1), ...note(0, 2, 60, 1), ...exclusive(0, 0x7e, 0, 9, 1), ...end()]]);
    const limited = (limits: object) => parseScore({ bytes }, { limits });
    await expect(limited({ maxNotes: 2, maxEvents: 4, maxParts: 2 })).resolves.toMatchObject({ noteCount: 2 });
    await expect(limited({ maxNotes: 1 })).rejects.toMatchObject({ code: 'score-too-large' });
    await expect(limited({ maxEvents: 3 })).rejects.toMatchObject({ code: 'score-too-large' });
    await expect(limited({ maxParts: 1 })).rejects.toMatchObject({ code: 'score-too-large' });
  });

  test('more tracks than a file can have are refused', async () => {
    const track = Buffer.from(chunk('MTrk', []));
    const bytes = Buffer.concat([Buffer.from(smf(1, 96, [])), ...Array<Buffer>(70_000).fill(track)]);
    expect(await refusal(bytes)).toMatchObject({ code: 'score-too-large' });
  });

  test('a system exclusive message in a hundred thousand pieces is dropped, two hundred thousand messages are too many', async () => {
    const many = (bytes: number[], count: number) => [...Buffer.concat(Array<Buffer>(count).fill(Buffer.from(bytes)))];
    const pieces = [...at(0, 0xf0, 1, 0x7e), ...many(at(0, 0xf7, 0), 100_000), ...at(0, 0xf7, 1, 0xf7)];
    const score = await read(smf(0, 96, [[...pieces, ...note(0, 1, 60, 1), ...end()]]));
    expect(controls(score)).toEqual([]);
    const messages = many(exclusive(0, 0x41), 200_001);
    expect(await refusal(smf(0, 96, [[...messages, ...end()]]))).toMatchObject({ code: 'score-too-large' });
  });

  test('tens of thousands of retunings of every part are refused', async () => {
    const one = Buffer.from(exclusive(0, 0x7f, 0x7f, 8, 2, 0, 1, 69, 70, 0, 0));
    const bytes = smf(0, 96, [[...Buffer.concat(Array<Buffer>(20_000).fill(one)), ...note(0, 1, 60, 1), ...end()]]);
    expect(await refusal(bytes)).toMatchObject({ code: 'score-too-large' });
  });
});
