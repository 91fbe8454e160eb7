import { describe, expect, test } from '@jest/globals';
import {
  DEFAULT_SYNTH,
  type FormulaDefinition,
  FormulaError,
  FormulaSource,
  formulaDefinitionSchema,
  parseFormula,
  TEST_SYNTH,
} from '@musistrata/render-core';
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
  seededRandom,
  steepest,
  strongestElse,
} from './measure.js';
import { controller, note, part, record, recordParts } from './rig.js';

const RATE = 44100;

function formula(expression: string, given: Partial<FormulaDefinition> = {}): FormulaSource {
  return new FormulaSource(
    formulaDefinitionSchema.parse({ type: 'formula', name: 'test', terms: [{ expression }], ...given }),
  );
}

/** The value of a formula a few frames into a note, undone from pan and velocity. */
function valueInNote(expression: string): number {
  const source = formula(expression, { normalize: false, attackSeconds: 0 });
  return record(source, part([note({ key: 60 })]), { seconds: 0.01 }).left[10]! / Math.SQRT1_2;
}

function errorOf(expression: string): FormulaError {
  try {
    parseFormula(expression);
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
  throw new Error(`"${expression}" was accepted`);
}

describe('the formula language', () => {
  test.each([
    ['(1 + 2 * 3 - 4 / 8) / 8', 6.5 / 8],
    ['2 ^ 3 ^ 0.5 / 2', 2 ** (3 ** 0.5) / 2],
    ['-2 ^ 2 / 2', -2],
    ['2 ** -1', 0.5],
    ['7.5 % 2 - (-1) % 3', 1.5 - 2],
    ['1 < 2', 1],
    ['(2 <= 1) + (3 >= 3) + (1 != 1) + (4 == 4)', 2],
    ['0 ? 3 : 1 > 2 ? 1 : 0.25', 0.25],
    ['sin(0.5) * cos(0.5) + exp(-1) + log(2)', Math.sin(0.5) * Math.cos(0.5) + Math.exp(-1) + Math.log(2)],
    ['min(1, max(0.25, 0.1)) + clamp(5, 0, 1) + mix(0, 1, 0.5)', 0.25 + 1 + 0.5],
    ['fract(-0.25) + floor(1.5) + sign(-2) + abs(-1)', 0.75 + 1 - 1 + 1],
    ['1e-1 + .5 + 2.', 2.6],
    ['time * 44100 / 10', 1],
    ['key / 60 + gate', 2],
    ['velocity * 127 / 100', 1],
    ['frequency / 261.6255653', 1],
    ['tau - 2 * pi + e - exp(1)', 0],
  ])('%s', (expression, value) => {
    expect(valueInNote(expression)).toBeCloseTo(value, 5);
  });

  test.each([
    ['1 +', 3, 'a number'],
    ['sin(1', 5, '")"'],
    ['sin 1', 4, '"("'],
    ['(1 + 2', 6, '")"'],
    ['foo(1)', 0, 'sin'],
    ['frequency time', 10, 'an operator or the end'],
    ['1 $ 2', 2, 'an operator'],
    ['pow(1)', 0, '2 arguments'],
    ['1 ? 2', 5, '":"'],
    ['', 0, 'a number'],
    ['constructor', 0, 'frequency'],
    ['__proto__', 0, 'frequency'],
    ['this.process', 4, 'a number, a name or an operator'],
  ])('refuses "%s" and says where and what was expected', (expression, position, expected) => {
    const error = errorOf(expression);
    expect(error.position).toBe(position);
    expect(error.message).toContain(expected);
    expect(error.code).toBe('invalid-formula');
  });

  test('limits length, nesting and size', () => {
    expect(errorOf('1'.repeat(4001)).expected).toContain('4000 characters');
    expect(errorOf('('.repeat(1000)).expected).toContain('60 levels');
    expect(errorOf('-'.repeat(1000)).expected).toContain('60 levels');
    expect(errorOf(Array(600).fill('1').join('+')).expected).toContain('500 operations');
  });

  test('reports every unreadable term with a pointer', () => {
    const terms = [{ expression: '1 +' }, { expression: 'sin(time)' }, { expression: 'x' }];
    const definition = formulaDefinitionSchema.parse({ type: 'formula', name: 'bad', terms });
    expect(() => new FormulaSource(definition)).toThrow(
      expect.objectContaining({
        code: 'invalid-formula',
        errors: [
          { pointer: '/terms/0/expression', message: expect.stringContaining('column 4') },
          { pointer: '/terms/2/expression', message: expect.stringContaining('column 1') },
        ],
      }),
    );
  });

  test('any text is either played without NaN or refused as a formula', () => {
    const random = seededRandom(7);
    const pieces = [
      'sin(',
      'saw(',
      'noise(',
      ')',
      ',',
      'time',
      'frequency',
      '1e308',
      '*',
      '/',
      '-',
      '^',
      '0',
      '?',
      ':',
      'log(',
    ];
    let played = 0;
    for (let round = 0; round < 2000; round++) {
      const length = 1 + Math.floor(random() * 9);
      const text = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      try {
        const source = formula(text, { normalize: random() < 0.02 });
        const { left } = record(source, part([note({ duration: 0.002 })]), { seconds: 0.004 });
        expect(left.every((value) => Math.abs(value) <= 4)).toBe(true);
        played++;
      } catch (error) {
        expect(error).toHaveProperty('code', 'invalid-formula');
      }
    }
    expect(played).toBeGreaterThan(50);
  });
});

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

describe('controllers of a formula part', () => {
  const synth = new FormulaSource(DEFAULT_SYNTH);

  test('volume and expression follow 40 log10 and arrive without a click', () => {
    const played = part([note({ duration: 2 }), controller(0.5, 7, 64), controller(1, 11, 32)]);
    const { left } = record(synth, played);
    const level = (from: number, to: number) =>
      decibels(peak(left, Math.round(from * RATE), Math.round(to * RATE)) / Math.SQRT1_2);
    expect(level(0.1, 0.5)).toBeCloseTo(0, 1);
    expect(level(0.6, 0.9)).toBeCloseTo(40 * Math.log10(64 / 127), 1);
    expect(level(1.1, 1.5)).toBeCloseTo(40 * Math.log10(64 / 127) + 40 * Math.log10(32 / 127), 1);
    expect(steepest(left)).toBeLessThan((2 * Math.PI * 440) / RATE);
  });

  test.each([
    [0, 1, 0],
    [1, 1, 0],
    [64, Math.SQRT1_2, Math.SQRT1_2],
    [96, Math.cos((95 / 126) * (Math.PI / 2)), Math.sin((95 / 126) * (Math.PI / 2))],
    [127, 0, 1],
  ])('pan %i has constant power', (value, left, right) => {
    const take = record(synth, part([controller(0, 10, value), note()]));
    expect(peak(take.left)).toBeCloseTo(left, 3);
    expect(peak(take.right)).toBeCloseTo(right, 3);
  });

  test('the wheel bends by the range of registered parameter 0', () => {
    const bent = part([
      controller(0, 101, 0),
      controller(0, 100, 0),
      controller(0, 6, 12),
      controller(0, 38, 50),
      note({ duration: 2 }),
      { kind: 'pitchBend', time: 0.5, value: 16383 },
      { kind: 'pitchBend', time: 1.25, value: 0 },
    ]);
    const { left } = record(synth, bent);
    const up = 440 * 2 ** (((8191 / 8192) * 1250) / 1200);
    const down = 440 * 2 ** (-1250 / 1200);
    expect(cents(pitchNear(left.subarray(26460, 55000), up, RATE) / up)).toBeCloseTo(0, 1);
    expect(cents(pitchNear(left.subarray(57000, 88000), down, RATE) / down)).toBeCloseTo(0, 1);
    expect(steepest(left)).toBeLessThan(0.13);
  });

  test('the sustain pedal holds, and lets go when it comes up', () => {
    const played = part([controller(0.05, 64, 127), note({ duration: 0.1 }), controller(1, 64, 0)]);
    const { left } = record(synth, played);
    expect(peak(left, 0.9 * RATE, RATE)).toBeCloseTo(Math.SQRT1_2, 3);
    expect(lastSound(left)).toBe(Math.round(1.5 * RATE) - 2);
  });

  test('the sostenuto pedal holds only what was down', () => {
    const played = part([
      note({ key: 60, duration: 0.2 }),
      controller(0.1, 66, 127),
      note({ key: 72, time: 0.15, duration: 0.1 }),
      controller(1.2, 66, 0),
    ]);
    const { left } = record(synth, played);
    const late = left.subarray(0.9 * RATE, 1.15 * RATE);
    expect(amplitudeAt(late, 261.626, RATE)).toBeCloseTo(Math.SQRT1_2, 3);
    expect(amplitudeAt(late, 523.251, RATE)).toBeLessThan(1e-4);
  });

  test('a pedal that never comes up does not sound for ever', () => {
    const played = part([controller(0, 64, 127), note({ duration: 0.1 }), controller(1, 7, 100)]);
    const { left, active } = record(synth, played);
    expect(lastSound(left)).toBeLessThan(1.5 * RATE);
    expect(active).toBe(false);
  });

  test.each([
    [120, 0.006],
    [123, 0.5],
  ])('controller %i ends what sounds', (number, tail) => {
    const { left } = record(synth, part([note({ duration: 2 }), controller(0.5, number, 0)]));
    expect(lastSound(left) / RATE).toBeGreaterThan(0.5);
    expect(lastSound(left) / RATE).toBeLessThan(0.5 + tail);
    expect(steepest(left)).toBeLessThan(0.06);
  });

  test('sends are a fifth of the level at 127, after the volume', () => {
    const played = part([controller(0, 91, 127), controller(0, 93, 64), controller(0, 7, 64), note()]);
    const { reverb, chorus } = record(synth, played);
    const volume = (64 / 127) ** 2;
    expect(peak(reverb)).toBeCloseTo(0.2 * volume, 4);
    expect(peak(chorus)).toBeCloseTo(0.2 * (64 / 127) * volume, 4);
  });

  test('scores other than MusiStrata songs send a little to the reverb by themselves', () => {
    const { left, reverb } = record(synth, part([note()], { velocityCurve: 'source' }));
    expect(peak(reverb) / (peak(left) / Math.SQRT1_2)).toBeCloseTo((0.2 * 40) / 127, 3);
    expect(peak(record(synth, part([note()])).reverb)).toBe(0);
  });

  test('a reset restores the defaults, master volume scales', () => {
    const played = part([
      controller(0, 7, 10),
      { kind: 'system', time: 0.25, message: { type: 'reset', system: 'gm' } },
      { kind: 'system', time: 0.25, message: { type: 'masterVolume', value: 0.5 } },
      note({ time: 0.5 }),
    ]);
    expect(peak(record(synth, played).left)).toBeCloseTo(Math.SQRT1_2 / 4, 4);
  });

  test('the sound does not depend on the division into blocks', () => {
    const source = formula(
      '0.5 * saw(frequency * (1 + 0.01 * sin(30 * time))) + 0.1 * noise() + square(frequency, time)',
    );
    const parts = [0, 1].map((index) =>
      part(
        [
          note({ time: 0.1 + index / 777, duration: 0.3 }),
          note({ time: 0.101, key: 50, duration: 0.2 }),
          controller(0.15, 7, 40),
          controller(0.2, 10, 10),
          { kind: 'pitchBend', time: 0.22, value: 3000 },
          controller(0.3, 64, 127),
          controller(0.4, 64, 0),
          note({ time: 0.45, key: 80, duration: 0.1 }),
          controller(0.48, 120, 0),
        ],
        { index },
      ),
    );
    const whole = recordParts(source, parts, { maxVoices: 3, seconds: 0.55 });
    for (const divisions of [[1024, 1, 63, 64, 65], [37]]) {
      const divided = recordParts(source, parts, { divisions, maxVoices: 3, seconds: 0.55 });
      for (const line of ['left', 'right', 'reverb', 'chorus'] as const) {
        expect(divided.every((take, index) => identical(take[line], whole[index]![line]))).toBe(true);
      }
    }
  });

  test('the voice limit cuts the note that was let go first, and counts it', () => {
    const played = part([
      note({ key: 60, duration: 2 }),
      note({ key: 67, duration: 0.1 }),
      note({ key: 72, time: 0.2, duration: 2 }),
    ]);
    const { left, stolenNotes } = record(synth, played, { maxVoices: 2 });
    expect(stolenNotes).toBe(1);
    const late = left.subarray(0.25 * RATE, 0.5 * RATE);
    expect(amplitudeAt(late, 261.626, RATE)).toBeGreaterThan(0.7);
    expect(amplitudeAt(late, 391.995, RATE)).toBeLessThan(1e-3);
    expect(amplitudeAt(late, 523.251, RATE)).toBeGreaterThan(0.7);
  });
});
