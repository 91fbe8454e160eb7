import { describe, expect, test } from '@jest/globals';
import { triangularDither } from '@musistrata/render-core/audio/dither.js';
import { Quantizer } from '@musistrata/render-core/audio/quantizer.js';

const COUNT = 200000;

describe('dither', () => {
  const values = Array.from({ length: COUNT }, (_, frame) => triangularDither(1, frame, 0));
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

  test('is triangular between -1 and 1: mean 0, variance 1/6, kurtosis 2.4', () => {
    expect(values.every((value) => value > -1 && value < 1)).toBe(true);
    expect(mean(values)).toBeCloseTo(0, 2);
    expect(mean(values.map((value) => value ** 2))).toBeCloseTo(1 / 6, 2);
    expect(mean(values.map((value) => value ** 4)) / (1 / 36)).toBeCloseTo(2.4, 1);
  });

  test('is white, and different for channels and seeds', () => {
    const other = (seed: number, channel: number) => values.map((_, frame) => triangularDither(seed, frame, channel));
    const correlation = (a: readonly number[], b: readonly number[]) =>
      mean(a.map((value, i) => value * (b[i] ?? 0))) / (1 / 6);
    for (const lag of [1, 2, 3, 64, 1024]) expect(Math.abs(correlation(values, values.slice(lag)))).toBeLessThan(0.01);
    expect(Math.abs(correlation(values, other(1, 1)))).toBeLessThan(0.01);
    expect(Math.abs(correlation(values, other(2, 0)))).toBeLessThan(0.01);
  });

  test('makes the mean of the written numbers follow a signal below one bit', () => {
    for (const level of [0.1, 0.25, 0.5, 0.9]) {
      const quantizer = new Quantizer({ bitDepth: 16, dither: true, seed: 7, firstFrame: 0 });
      const target = new Int32Array(COUNT);
      quantizer.process([new Float32Array(COUNT).fill(level / 32768)], COUNT, target);
      expect(mean(Array.from(target))).toBeCloseTo(level, 2);
    }
  });

  test('depends on the frame alone, not on where a file starts or how it is divided', () => {
    const signal = new Float32Array(100);
    const whole = new Int32Array(100);
    new Quantizer({ bitDepth: 16, dither: true, seed: 3, firstFrame: 0 }).process([signal], 100, whole);
    const rest = new Int32Array(60);
    new Quantizer({ bitDepth: 16, dither: true, seed: 3, firstFrame: 40 }).process([signal], 60, rest);
    expect(Array.from(rest)).toEqual(Array.from(whole.subarray(40)));
    expect(new Set(whole).size).toBeGreaterThan(1);
  });
});
