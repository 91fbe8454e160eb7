import { describe, expect, test } from '@jest/globals';
import { notes, read } from './read-smf.js';
import { end, meta, note, smf, tempo } from './smf.js';

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
