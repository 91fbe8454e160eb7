import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SYNTH, FormulaSource, TEST_SYNTH } from '@musistrata/render-core';
import { formula } from './formula-rig.js';
import {
  amplitudeAt,
  cents,
  decibels,
  firstSound,
  identical,
  lastSound,
  peak,
  pitchNear,
  rms,
  steepest,
  strongestElse,
} from './measure.js';
import { note, part, record } from './rig.js';

const RATE = 44100;

describe('a formula instrument', () => {
  test.each([21, 45, 60, 69, 100])('Default_Synth sounds key %i to a hundredth of a cent', (key) => {
    const { left } = record(new FormulaSource(DEFAULT_SYNTH), part([note({ key })]));
    const expected = 440 * 2 ** ((key - 69) / 12);
    expect(Math.abs(cents(pitchNear(left.subarray(4410, 40000), expected, RATE) / expected))).toBeLessThan(0.01);
  });

  test('follows the tuning of A4 and the tables of a tuning message', () => {
    const cent = Array.from({ length: 128 }, (_, key) => (key === 69 ? -50 : 0));
    const tuned = part([
      { kind: 'system', time: 0, message: { type: 'tuning', cents: cent } },
      { kind: 'system', time: 0, message: { type: 'masterTuning', cents: 20 } },
      note(),
    ]);
    const { left } = record(new FormulaSource(DEFAULT_SYNTH), tuned, { tuningHz: 432 });
    const expected = 432 * 2 ** (-30 / 1200);
    expect(Math.abs(cents(pitchNear(left.subarray(4410, 40000), expected, RATE) / expected))).toBeLessThan(0.01);
  });

  test.each([1, 60, 100, 127])('velocity %i is linear amplitude at the centre', (velocity) => {
    const { left, right } = record(new FormulaSource(DEFAULT_SYNTH), part([note({ velocity })]));
    expect(decibels(peak(left) / ((velocity / 100) * Math.SQRT1_2))).toBeCloseTo(0, 3);
    expect(identical(left, right)).toBe(true);
  });

  test('velocity of other scores follows 40 log10 (velocity / 127) at General MIDI volume 100', () => {
    const played = part([note({ velocity: 64 })], { velocityCurve: 'source' });
    const { left } = record(new FormulaSource(DEFAULT_SYNTH), played);
    const expected = 40 * Math.log10(64 / 127) + 40 * Math.log10(100 / 127) + decibels(Math.SQRT1_2);
    expect(decibels(peak(left))).toBeCloseTo(expected, 2);
  });

  test('starts on its frame and ends after a straight fade of half a second', () => {
    const events = [note({ time: 1.25, duration: 0.5 })];
    const { left, active } = record(new FormulaSource(DEFAULT_SYNTH), part(events), { seconds: 3 });
    // A sine starts at 0: its first frame that can be heard is the next.
    expect(firstSound(left)).toBe(Math.round(1.25 * RATE) + 1);
    expect(lastSound(left)).toBe(Math.round(2.25 * RATE) - 2);
    const middle = Math.round(2 * RATE);
    expect(decibels(peak(left, middle - 50, middle + 50) / Math.SQRT1_2)).toBeCloseTo(decibels(0.5), 1);
    expect(active).toBe(false);
  });

  test('a note without length is heard as its release, a note of velocity 0 not at all', () => {
    const { left } = record(new FormulaSource(DEFAULT_SYNTH), part([note({ duration: 0 })]));
    expect(peak(left)).toBeGreaterThan(0.6);
    expect(lastSound(left)).toBeGreaterThan(0.49 * RATE);
    expect(lastSound(left)).toBeLessThan(0.5 * RATE);
    const silent = record(new FormulaSource(DEFAULT_SYNTH), part([note({ velocity: 0 })]));
    expect(peak(silent.left)).toBe(0);
  });

  test('nothing clicks: no step is larger than the wave itself makes', () => {
    const cosine = formula('cos(tau * frequency * time)');
    const { left } = record(cosine, part([note({ key: 45 }), note({ key: 45, time: 0.30001, duration: 0.2 })]));
    const slope = (2 * Math.PI * 110) / RATE;
    expect(steepest(left)).toBeLessThan(2 * slope + 1 / (0.003 * RATE));
  });

  test('not even a release of nothing clicks', () => {
    const { left } = record(formula('1', { attackSeconds: 0.01, releaseSeconds: 0 }), part([note({ duration: 0.5 })]));
    expect(steepest(left)).toBeLessThan(0.02);
    expect(lastSound(left) / RATE).toBeCloseTo(0.501, 4);
  });

  test('formulas are brought to a peak of 1, key by key', () => {
    for (const key of [40, 60, 80]) {
      const { left } = record(new FormulaSource(TEST_SYNTH), part([note({ key })]));
      expect(decibels(peak(left) / Math.SQRT1_2)).toBeGreaterThan(-0.8);
      expect(decibels(peak(left) / Math.SQRT1_2)).toBeLessThan(0.001);
    }
  });

  test('test_synth is the sum that its recipe states', () => {
    const source = new FormulaSource({ ...TEST_SYNTH, normalize: false, attackSeconds: 0 });
    const { left } = record(source, part([note({ key: 57 })]));
    for (const frame of [1, 10, 1000, 30000]) {
      const t = frame / RATE;
      const decay = Math.exp(-0.0015 * 220 * t);
      const expected =
        Math.sin(2 * Math.PI * 220 * t + Math.sin(20 * t)) * decay + 0.6 * Math.sin(4 * Math.PI * 220 * t) * decay;
      expect(left[frame]! / Math.SQRT1_2).toBeCloseTo(expected, 5);
    }
  });

  test('a constant stays what it is, voice by voice', () => {
    const source = formula('0.5', { normalize: false, attackSeconds: 0 });
    const { left } = record(source, part([note({ velocity: 80 }), note({ key: 40, velocity: 80, time: 0.5 })]));
    expect(left[20000]).toBeCloseTo(0.4 * Math.SQRT1_2, 6);
    expect(left[40000]).toBeCloseTo(0.8 * Math.SQRT1_2, 6);
  });

  test('gate falls when the key does', () => {
    const source = formula('gate', { normalize: false, releaseSeconds: 1, attackSeconds: 0 });
    const { left } = record(source, part([note({ duration: 0.5 })]));
    expect(left[22049]).toBeCloseTo(Math.SQRT1_2, 5);
    expect(left[22050]).toBe(0);
  });
});

describe('oscillators', () => {
  const AMPLITUDES = {
    saw: (n: number) => 2 / (Math.PI * n),
    square: (n: number) => (n % 2 === 1 ? 4 / (Math.PI * n) : 0),
    triangle: (n: number) => (n % 2 === 1 ? 8 / (Math.PI * n) ** 2 : 0),
  };

  test.each(['saw', 'square', 'triangle'] as const)(
    '%s has the harmonics of its Fourier series and no others',
    (name) => {
      for (const call of [`${name}(frequency, time)`, `${name}(frequency)`]) {
        const source = formula(call, { normalize: false, attackSeconds: 0 });
        for (const key of [33, 84, 103]) {
          const frequency = 440 * 2 ** ((key - 69) / 12);
          const { left } = record(source, part([note({ key })]));
          const steady = left.subarray(2048, 2048 + 32768);
          for (const harmonic of [1, 2, 3, 5]) {
            if (harmonic * frequency > RATE / 4) continue;
            const wanted = AMPLITUDES[name](harmonic) * Math.SQRT1_2;
            const measured = amplitudeAt(steady, harmonic * frequency, RATE);
            if (wanted > 0) expect(decibels(measured / wanted)).toBeCloseTo(0, 1);
          }
          const harmonics = Array.from(
            { length: Math.floor(RATE / 2 / frequency) },
            (_, index) => (index + 1) * frequency,
          );
          expect(strongestElse(steady, harmonics, RATE)).toBeLessThan(-88);
        }
      }
    },
  );

  test('pulse has the level of its width', () => {
    const source = formula('pulse(frequency, time, 0.25)', { normalize: false, attackSeconds: 0 });
    const { left } = record(source, part([note({ key: 45 })]));
    let sum = 0;
    for (let i = 0; i < 44100 - 900; i++) sum += left[i]! / Math.SQRT1_2;
    // One quarter at 1, three quarters at -1.
    expect(sum / (44100 - 900)).toBeCloseTo(-0.5, 2);
    expect(rms(left, 0, 43200) / Math.SQRT1_2).toBeCloseTo(1, 1);
  });

  test('noise is white, seeded and different for every note', () => {
    const source = formula('noise()', { normalize: false });
    const [one, again] = [1, 1].map((seed) => record(source, part([note()]), { seed }).left);
    const other = record(source, part([note()]), { seed: 2 }).left;
    expect(identical(one!, again!)).toBe(true);
    expect(identical(one!, other)).toBe(false);
    // The mean square of a uniform distribution over -1..1 is 1/3.
    expect(rms(one!, 1000, 44000) / Math.SQRT1_2).toBeCloseTo(Math.sqrt(1 / 3), 2);
    const two = record(source, part([note(), note({ time: 1 })]), { seconds: 2 }).left;
    expect(identical(two.subarray(0, 1000), two.subarray(44100, 45100))).toBe(false);
  });
});
