import { describe, expect, test } from '@jest/globals';
import type { PartEvent } from '@musistrata/render-core';
import { constantSample, simpleFont, sineSample } from './make-font.js';
import { controller, decibels, frequencyOf, note, play } from './play.js';

const RATE = 44100;
const AT_64 = 64;

/** What a controller that rests at 64 adds: its modulator's amount at 127, less the amount at 0, in straight lines. */
const around = (value: number) => (value <= AT_64 ? (value - AT_64) / 64 : (value - AT_64) / 63);
const seconds = (timecents: number) => 2 ** (timecents / 1200);
const VALUES = [0, 20, 64, 100, 127];

describe('General MIDI 2 sound controllers: envelope', () => {
  /** Level of a sample that is 1 everywhere, over time. */
  const level = async (generators: readonly (readonly [number, number])[], events: readonly PartEvent[], length = 1) =>
    (await play(simpleFont(constantSample(), [[54, 1], ...generators]), events, { seconds: length })).left;

  test.each(VALUES)('73 at %d: the attack is 3600 timecents longer or shorter (SF2.04 8.1.2, 34)', async (value) => {
    const attack = seconds(-4800 + 3600 * around(value));
    const left = await level([[34, -4800]], [controller(0, 73, value), note(0, 60, 1)]);
    const full = left[Math.ceil(attack * RATE) + 200]!;
    for (const share of [0.25, 0.5, 0.9]) {
      const frame = Math.round(share * attack * RATE);
      expect(Math.abs(left[frame]! / full - share)).toBeLessThan(0.01);
    }
  });

  test.each(VALUES)('75 at %d: the decay falls 100 dB in its time (SF2.04 8.1.2, 36)', async (value) => {
    const decay = seconds(3600 * around(value));
    const left = await level(
      [
        [36, 0],
        [37, 1000],
      ],
      [controller(0, 75, value), note(0, 60, 1)],
    );
    const from = Math.round(0.02 * decay * RATE);
    const to = Math.round(Math.min(0.4 * decay, 0.9) * RATE);
    const slope = decibels(left[to]! / left[from]!) / ((to - from) / RATE);
    expect(slope * decay).toBeCloseTo(-100, 1);
  });

  test.each(VALUES)('72 at %d: the release falls 100 dB in its time (SF2.04 8.1.2, 38)', async (value) => {
    const release = seconds(3600 * around(value));
    const left = await level([[38, 0]], [controller(0, 72, value), note(0, 60, 0.1)]);
    const up = 0.1 * RATE;
    const to = Math.round(up + Math.min(0.4 * release, 0.8) * RATE);
    const slope = decibels(left[to]! / left[up - 10]!) / ((to - up) / RATE);
    expect(Math.abs(slope * release + 100)).toBeLessThan(1);
  });
});

describe('General MIDI 2 sound controllers: vibrato', () => {
  /** 0.51 Hz and a quarter of a second, unless controllers say otherwise; generators 23 and 24. */
  const FREQUENCY = -4800;
  const DELAY = -2400;

  /** Cents away from the sample's pitch, over 20 ms around a time in seconds. */
  function bend(left: Float32Array, time: number): number {
    const frame = (moment: number) => Math.round(moment * RATE);
    return 1200 * Math.log2(frequencyOf(left, RATE, frame(time - 0.01), frame(time + 0.01)) / 2205);
  }

  /** A triangle that starts at zero, rising (SF2.04 8.1.2, generators 23 and 24). */
  function triangle(cycles: number): number {
    const phase = cycles - Math.floor(cycles);
    if (phase < 0.25) return 4 * phase;
    return phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4;
  }

  test.each([
    [76, 'rate', 1200],
    [77, 'depth', 50],
    [78, 'delay', 3600],
  ])('%d sets the %s of the vibrato, up to %d', async (number, name, amount) => {
    const font = simpleFont(sineSample(2205, 1), [
      [54, 1],
      [6, 60],
      [23, DELAY],
      [24, FREQUENCY],
    ]);
    for (const value of VALUES) {
      const change = amount * around(value);
      const rate = 8.1758 * 2 ** ((FREQUENCY + (name === 'rate' ? change : 0)) / 1200);
      const delay = seconds(DELAY + (name === 'delay' ? change : 0));
      const depth = 60 + (name === 'depth' ? change : 0);
      const { left } = await play(font, [controller(0, number, value), note(0, 69, 3)], { seconds: 3 });
      for (let time = 0.05; time < 2.95; time += 0.09) {
        const expected = time < delay ? 0 : depth * triangle((time - delay) * rate);
        expect(Math.abs(bend(left, time) - expected)).toBeLessThan(2.5);
      }
    }
  });
});
