import { describe, expect, test } from '@jest/globals';
import { amplitudeAt } from '../instruments/measure.js';
import { type FontSample, simpleFont } from './make-font.js';
import { decibels, note, play } from './play.js';

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

async function levels(generators: readonly (readonly [number, number])[]): Promise<number[]> {
  const { left } = await play(simpleFont(probeSample(), [[54, 1], ...generators]), [note(0, 60, 3)], { seconds: 1.2 });
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
});
