import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  FormulaSource,
  formulaDefinitionSchema,
  LayeredSource,
  loadSoundFont,
  type PartEvent,
  readSfz,
  SampleCache,
  SampleSource,
  type SoundSource,
} from '@musistrata/render-core';
import { simpleFont, sineSample } from '../synth/make-font.js';
import { decibels, firstSound, identical, peak } from './measure.js';
import { centsAt, triangleAt } from './pitch-track.js';
import { controller, note, part, record } from './rig.js';
import { useFolders } from './test-folders.js';
import { sine, wavFile } from './wav-files.js';

const RATE = 44100;
/** High, so that 20 ms tell the pitch. */
const KEY = 97;
const HERTZ = 440 * 2 ** ((KEY - 69) / 12);
const folder = useFolders();

const formula = (): SoundSource =>
  new FormulaSource(
    formulaDefinitionSchema.parse({
      type: 'formula',
      name: 'sine',
      terms: [{ expression: 'sine(frequency, time)' }],
      releaseSeconds: 0.05,
    }),
  );

async function samples(): Promise<SoundSource> {
  const line = sine(HERTZ, 3 * RATE);
  const path = await folder({ 'a.wav': wavFile([line]), 'x.sfz': `<region> sample=a.wav pitch_keycenter=${KEY}` });
  return new SampleSource(await readSfz(join(path, 'x.sfz'), 'x'), new SampleCache(1e9));
}

/** A vibrato of 5.5 Hz, as the other sources have it. */
const font = (): Promise<SoundSource> =>
  loadSoundFont(
    simpleFont({ ...sineSample(2205, 1), rootKey: 97 }, [
      [54, 1],
      [24, Math.round(1200 * Math.log2(5.5 / 8.1758))],
      [52, Math.round(1200 * Math.log2(HERTZ / 2205))],
    ]),
  );

const SOURCES: readonly (readonly [string, () => SoundSource | Promise<SoundSource>])[] = [
  ['a formula', formula],
  ['samples', samples],
  ['a sound font', font],
];

const held = (given = {}) => note({ key: KEY, duration: 2, ...given });
const parameter = (coarse: number, fine: number, value: number, low = 0): PartEvent[] => [
  controller(0, 101, coarse),
  controller(0, 100, fine),
  controller(0, 6, value),
  controller(0, 38, low),
];

describe.each(SOURCES)('%s', (_, open) => {
  test.each<[string, PartEvent[], number]>([
    ['the modulation wheel at 127', [controller(0, 1, 127)], 50],
    ['the wheel at 64', [controller(0, 1, 64)], (50 * 64) / 127],
    ['channel pressure at 127', [{ kind: 'channelPressure', time: 0, pressure: 127 }], 50],
    ['both', [controller(0, 1, 127), { kind: 'channelPressure', time: 0, pressure: 127 }], 100],
    ['a modulation depth of two semitones (RPN 5)', [...parameter(0, 5, 2), controller(0, 1, 127)], 200],
    ['a vibrato depth of 0 (77), and no wheel', [controller(0, 77, 0)], 0],
  ])('%s: a triangle of 5.5 Hz that deep', async (_name, events, depth) => {
    const { left } = record(await open(), part([...events, held()]));
    for (let time = 0.1; time < 1.9; time += 0.017) {
      const expected = depth * triangleAt(time * 5.5);
      // In 20 ms a triangle of 5.5 Hz goes an 11th of its way: its corners come out rounded by that much.
      expect(Math.abs(centsAt(left, time, HERTZ) - expected)).toBeLessThan(1.5 + depth * 0.12);
    }
  });

  test('the wheel moves within a note, and a reset of controllers ends it', async () => {
    const events = [controller(0.5, 1, 127), controller(1, 121, 0)];
    const { left } = record(await open(), part([...events, held()]));
    const widest = (from: number, to: number) => {
      let most = 0;
      for (let time = from; time < to; time += 0.01) most = Math.max(most, Math.abs(centsAt(left, time, HERTZ)));
      return most;
    };
    expect(widest(0.1, 0.48)).toBeLessThan(0.5);
    expect(widest(0.52, 0.98)).toBeGreaterThan(42);
    expect(widest(1.03, 1.9)).toBeLessThan(0.5);
  });

  test('portamento: a straight glide from the key before, in the milliseconds of controllers 5 and 37', async () => {
    const glide = [controller(0, 65, 127), controller(0, 5, 3), controller(0, 37, 16)];
    const notes = [held({ key: KEY - 12, duration: 0.4 }), held({ time: 0.5, duration: 1 })];
    const { left } = record(await open(), part([...glide, ...notes]));
    expect(Math.abs(centsAt(left, 0.2, HERTZ) + 1200)).toBeLessThan(1);
    for (let time = 0.52; time < 1.4; time += 0.03) {
      const expected = Math.min(0, -1200 * (1 - (time - 0.5) / 0.4));
      expect(Math.abs(centsAt(left, time, HERTZ) - expected)).toBeLessThan(4);
    }
  });

  test('controller 84 names the key that one note glides from', async () => {
    const events = [controller(0, 84, KEY + 7), controller(0, 5, 2)];
    const notes = [held({ duration: 0.5 }), held({ time: 0.7, duration: 0.5 })];
    const { left } = record(await open(), part([...events, ...notes]));
    expect(Math.abs(centsAt(left, 0.128, HERTZ) - 350)).toBeLessThan(5);
    expect(Math.abs(centsAt(left, 0.4, HERTZ))).toBeLessThan(1);
    expect(Math.abs(centsAt(left, 0.75, HERTZ))).toBeLessThan(1);
  });

  test('mono mode: a new key ends the one before, which comes back when it is still down', async () => {
    const notes = [held({ key: KEY - 12, duration: 1.5 }), held({ time: 0.5, duration: 0.5 })];
    const { left } = record(await open(), part([controller(0, 126, 1), ...notes]), { seconds: 2 });
    expect(Math.abs(centsAt(left, 0.4, HERTZ) + 1200)).toBeLessThan(1);
    expect(Math.abs(centsAt(left, 0.8, HERTZ))).toBeLessThan(1);
    expect(Math.abs(centsAt(left, 1.3, HERTZ) + 1200)).toBeLessThan(1);
    const one = peak(left, 0.3 * RATE, 0.4 * RATE);
    expect(peak(left, 0.8 * RATE, 0.9 * RATE) / one).toBeCloseTo(1, 1);
    expect(peak(left, 1.8 * RATE, 2 * RATE)).toBeLessThan(one / 100);
  });

  test('controller 67, the soft pedal, takes 2.5 dB', async () => {
    const source = await open();
    const level = (value: number) => peak(record(source, part([controller(0, 67, value), held()])).left, 8000, 20000);
    expect(decibels(level(64) / level(63))).toBeCloseTo(-2.5, 1);
  });

  test('everything that moves is the same however the stretch is divided', async () => {
    const source = await open();
    const events: PartEvent[] = [
      controller(0, 65, 127),
      controller(0, 5, 1),
      controller(0.013, 1, 90),
      { kind: 'pitchBend', time: 0.2, value: 12000 },
      { kind: 'channelPressure', time: 0.31, pressure: 40 },
      controller(0.4, 126, 1),
    ];
    const notes = [0, 0.1, 0.233, 0.45, 0.5].map((time, index) =>
      held({ time, key: KEY - 3 * index, duration: 0.2 + 0.1 * index }),
    );
    const played = part([...events, ...notes]);
    const whole = record(source, played, { seconds: 1.2 });
    for (const divisions of [[1, 1023], [65, 63], [500]])
      expect(identical(record(source, played, { seconds: 1.2, divisions }).left, whole.left)).toBe(true);
  });
});

test('"all sound off" ends notes that are fading out too', () => {
  const source = new FormulaSource(
    formulaDefinitionSchema.parse({
      type: 'formula',
      name: 'x',
      terms: [{ expression: 'sine(frequency)' }],
      releaseSeconds: 5,
    }),
  );
  const { left } = record(source, part([note({ duration: 0.2 }), controller(0.5, 120, 0)]), { seconds: 1 });
  expect(peak(left, 0.4 * RATE, 0.5 * RATE)).toBeGreaterThan(0.3);
  expect(peak(left, 0.51 * RATE, RATE)).toBe(0);
  expect(firstSound(left)).toBeLessThan(3);
});

test('a layer that is transposed glides from as far away', () => {
  const layer = (transpose: number) => ({
    definition: {
      instrument: 'sine',
      gainDb: 0,
      pan: 0.5,
      transpose,
      detuneCents: 0,
      delaySeconds: 0,
      lowKey: 0,
      highKey: 127,
      lowVelocity: 1,
      highVelocity: 127,
    },
    source: formula(),
    preset: null,
  });
  const glide = [controller(0, 84, KEY - 10), controller(0, 5, 2)];
  const plain = record(formula(), part([...glide, held()])).left;
  const lower = part([controller(0, 84, KEY - 22), controller(0, 5, 2), held({ key: KEY - 12 })]);
  const layered = record(new LayeredSource('x', [layer(12)]), lower).left;
  expect(identical(layered, plain)).toBe(true);
});
