import { describe, expect, test } from '@jest/globals';
import type { PartEvent } from '@musistrata/render-core';
import { amplitudeAt } from '../instruments/measure.js';
import { type FontSample, simpleFont } from './make-font.js';
import { controller, decibels, note, play } from './play.js';

const RATE = 44100;
const FRAMES = 8820;

/** Sines of several frequencies at once that repeat every 8820 frames (5 Hz apart), at equal levels. */
const PROBES = [50, 100, 200, 400, 700, 1000, 1500, 2200, 3000, 4500, 7000, 10000];

function probeSample(): FontSample {
  const data = new Float32Array(FRAMES * 3);
  for (let i = 0; i < data.length; i++) {
    for (const [index, hertz] of PROBES.entries())
      data[i]! += 0.04 * Math.sin((2 * Math.PI * hertz * i) / RATE + index * index);
  }
  return { data, rate: RATE, rootKey: 60, loop: [FRAMES, FRAMES * 2] };
}

async function levels(
  generators: readonly (readonly [number, number])[],
  events: readonly PartEvent[] = [],
): Promise<number[]> {
  const font = simpleFont(probeSample(), [[54, 1], ...generators]);
  const { left } = await play(font, [...events, note(0, 60, 3)], { seconds: 1.2 });
  const settled = left.subarray(FRAMES * 3, FRAMES * 5);
  return PROBES.map((hertz) => amplitudeAt(settled, hertz, RATE));
}

/**
 * Gain in dB of the second-order low pass of SF2.04 8.1.3 (generators 8 and 9) at a frequency: the bilinear transform of
 * 1 / (s^2 + s / Q + 1) at the cutoff, whose hump at the cutoff is the resonance above the gain at 0 Hz, which falls by half of the resonance.
 */
function lowPass(hertz: number, cutoffCents: number, centibels: number): number {
  const cutoff = 8.1758 * 2 ** (cutoffCents / 1200);
  const q = Math.SQRT1_2 * 10 ** (centibels / 200);
  const ratio = Math.tan((Math.PI * hertz) / RATE) / Math.tan((Math.PI * cutoff) / RATE);
  return decibels(1 / Math.hypot(1 - ratio * ratio, ratio / q)) - centibels / 20;
}

describe('low-pass filter (SF2.04 8.1.2, generators 8 and 9)', () => {
  test.each([
    [4500, 0],
    [6000, 0],
    [6900, 60],
    [8000, 0],
    [8000, 120],
    [8000, 300],
    [9500, 60],
    [10500, 180],
    [12000, 0],
    [13500, 100],
  ])('cutoff %d cents, resonance %d cB: the response of the formula within 0.1 dB', async (cutoff, resonance) => {
    const open = await levels([]);
    const filtered = await levels([
      [8, cutoff],
      [9, resonance],
    ]);
    PROBES.forEach((hertz, index) => {
      const expected = lowPass(hertz, cutoff, resonance);
      if (expected < -75) return;
      expect(Math.abs(decibels(filtered[index]! / open[index]!) - expected)).toBeLessThan(0.1);
    });
  });

  test('10 and 11: the modulation envelope moves the cutoff by cents', async () => {
    const open = await levels([]);
    // Generator 29 at 0: the envelope stays at its peak.
    const filtered = await levels([
      [8, 6000],
      [11, 2400],
    ]);
    PROBES.forEach((hertz, index) => {
      expect(Math.abs(decibels(filtered[index]! / open[index]!) - lowPass(hertz, 8400, 0))).toBeLessThan(0.1);
    });
  });

  /** What a controller that rests at 64 adds: all of its amount at 127, its negative at 0. */
  const around = (value: number) => (value <= 64 ? (value - 64) / 64 : (value - 64) / 63);

  test.each([0, 32, 64, 96, 127])('controller 74 at %d moves the cutoff by up to 4800 cents', async (value) => {
    const open = await levels([]);
    const filtered = await levels([[8, 7500]], [controller(0, 74, value)]);
    PROBES.forEach((hertz, index) => {
      const expected = lowPass(hertz, 7500 + 4800 * around(value), 0);
      if (expected < -75) return;
      expect(Math.abs(decibels(filtered[index]! / open[index]!) - expected)).toBeLessThan(0.1);
    });
  });

  test.each([0, 32, 64, 96, 127])('controller 71 at %d changes the resonance by up to 24 dB', async (value) => {
    const open = await levels([]);
    const generators = [
      [8, 8500],
      [9, 260],
    ] as const;
    const filtered = await levels(generators, [controller(0, 71, value)]);
    PROBES.forEach((hertz, index) => {
      const expected = lowPass(hertz, 8500, 260 + 240 * around(value));
      if (expected < -75) return;
      expect(Math.abs(decibels(filtered[index]! / open[index]!) - expected)).toBeLessThan(0.1);
    });
  });

  test('controller 67, the soft pedal, takes an octave of the treble and 2.5 dB, and gives them back', async () => {
    const loud = await levels([[8, 8500]]);
    const soft = await levels([[8, 8500]], [controller(0, 67, 64)]);
    PROBES.forEach((hertz, index) => {
      const expected = lowPass(hertz, 7300, 0) - lowPass(hertz, 8500, 0) - 2.5;
      if (lowPass(hertz, 7300, 0) < -75) return;
      expect(Math.abs(decibels(soft[index]! / loud[index]!) - expected)).toBeLessThan(0.15);
    });
    const up = [controller(0, 67, 127), controller(0.05, 67, 63)];
    expect(decibels((await levels([[8, 8500]], up))[5]! / loud[5]!)).toBeCloseTo(0, 1);
  });

  test('10: the modulation LFO sweeps the cutoff by cents, in a triangle from the middle upwards', async () => {
    const hertz = 2205;
    const sine = { data: Float32Array.from({ length: 4000 }, (_, i) => 0.4 * Math.sin((2 * Math.PI * i) / 20)) };
    const sample = { ...sine, rate: RATE, rootKey: 60, loop: [1000, 3000] as const };
    const sound = async (generators: readonly (readonly [number, number])[]) =>
      (await play(simpleFont(sample, [[54, 1], ...generators]), [note(0, 60, 3)], { seconds: 2.2 })).left;
    const open = await sound([]);
    const swept = await sound([
      [8, 8400],
      [9, 60],
      [10, 1800],
      [22, -4800],
    ]);
    const cyclesPerSecond = 8.1758 / 16;
    for (let time = 0.05; time < 2.1; time += 0.05) {
      const cycles = time * cyclesPerSecond;
      const phase = cycles - Math.floor(cycles);
      const triangle = phase < 0.25 ? 4 * phase : phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4;
      const expected = lowPass(hertz, 8400 + 1800 * triangle, 60);
      const [from, to] = [Math.round((time - 0.01) * RATE), Math.round((time + 0.01) * RATE)];
      const heard =
        amplitudeAt(swept.subarray(from, to), hertz, RATE) / amplitudeAt(open.subarray(from, to), hertz, RATE);
      expect(Math.abs(decibels(heard) - expected)).toBeLessThan(0.25);
    }
  });
});
