import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SYNTH_SEED, FormulaSource, TEST_SYNTH_SEED } from '@musistrata/render-core';
import { cents, firstSound, identical, lastSound, peak, pitchNear, rms } from './measure.js';
import { note, part, record } from './rig.js';

const RATE = 44100;

/** The demo's first track: C5 E5 G5 (keys 48, 52, 55 in the reading `seed`), two beats each, a beat apart, in two bars of four beats. */
function demo(tempo: number) {
  const beat = 60 / tempo;
  const notes = [0, 4].flatMap((bar) =>
    [48, 52, 55].map((key, index) => note({ time: (bar + index) * beat, key, velocity: 60, duration: 2 * beat })),
  );
  return part(notes);
}

/** Figures of recordings made by the first version of this system (24-bit files, commit 0e4bf51): facts about it, not output of ours. */
const defaultSynth = new FormulaSource(DEFAULT_SYNTH_SEED);
const testSynth = new FormulaSource(TEST_SYNTH_SEED);

describe('the old synthesizers, as they really sounded', () => {
  test.each([
    ['Default_Synth', defaultSynth, 60, 10, 1.0719212375174005, 0.3421576261535402, 8.499954648526078, 83.27],
    ['test_synth', testSynth, 60, 10, 0.6060550544338117, 0.12607145226608937, 8.499954648526078, 83.27],
    ['test_synth', testSynth, 180, 14 / 3, 0.6851530939987409, 0.1643238142868415, 3.166598639455782, null],
  ])('%s', (_, synth, tempo, seconds, highest, power, last, fundamental) => {
    const { left, right } = record(synth, demo(tempo), { seconds });
    expect(peak(left)).toBeCloseTo(highest, 5);
    // The old file clips at full scale.
    const clipped = left.map((value) => Math.max(-1, Math.min(1, value)));
    expect(rms(clipped)).toBeCloseTo(power, 6);
    expect(firstSound(left)).toBe(1);
    expect(Math.abs(lastSound(left) - last * RATE)).toBeLessThan(1.5);
    expect(identical(left, right)).toBe(true);
    if (fundamental !== null) {
      const measured = pitchNear(left.subarray(0.15 * RATE, 0.95 * RATE), fundamental, RATE);
      expect(Math.abs(cents(measured / fundamental))).toBeLessThan(2);
    }
  });

  test('one A4 of Default_Synth at velocity 100', () => {
    const events = [note({ time: 0.5, key: 45 })];
    const { left } = record(defaultSynth, part(events), { seconds: 4 });
    expect(peak(left)).toBeCloseTo(0.707106780927441, 7);
    expect(rms(left)).toBeCloseTo(0.2700276588694687, 7);
    expect(firstSound(left)).toBe(22051);
    const measured = pitchNear(left.subarray(0.55 * RATE, 1.45 * RATE), 70.02, RATE);
    // Frequency of scientific pitch, 16.35 x 2^(57 / 12), used as radians per second.
    expect(Math.abs(cents(measured / ((16.35 * 2 ** (57 / 12)) / (2 * Math.PI))))).toBeLessThan(0.1);
  });
});
