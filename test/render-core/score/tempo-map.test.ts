import { describe, expect, test } from '@jest/globals';
import { beatAtBar, beatAtSeconds, secondsAtBeat, type TempoMap } from '@musistrata/render-core';

/** Four beats at 120, then 60 beats a minute; 4/4 for one bar, then 3/4. */
const map: TempoMap = {
  tempos: [
    { beat: 0, seconds: 0, beatsPerMinute: 120 },
    { beat: 4, seconds: 2, beatsPerMinute: 60 },
  ],
  meters: [
    { beat: 0, bar: 1, beatsPerBar: 4, numerator: 4, denominator: 4 },
    { beat: 4, bar: 2, beatsPerBar: 3, numerator: 3, denominator: 4 },
  ],
};

describe('tempo map', () => {
  test.each([
    [0, 0],
    [3, 1.5],
    [4, 2],
    [6.5, 4.5],
  ])('beat %d falls at %d s, and back', (beat, seconds) => {
    expect(secondsAtBeat(map, beat)).toBeCloseTo(seconds, 12);
    expect(beatAtSeconds(map, seconds)).toBeCloseTo(beat, 12);
  });

  test.each([
    [1, 0],
    [1.5, 2],
    [2, 4],
    [3, 7],
  ])('bar %d starts at beat %d', (bar, beat) => {
    expect(beatAtBar(map, bar)).toBe(beat);
  });
});
