import { describe, expect, test } from '@jest/globals';
import { Quantizer } from '@musistrata/render-core/audio/quantizer.js';

const COUNT = 200000;
const BLOCK = 1000;
const mean = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/** Whole numbers that a signal of constant level becomes, in units of the last bit, one array for each channel. */
function quantized(level: number, settings: { seed?: number; firstFrame?: number; dither?: boolean; count?: number }) {
  const count = settings.count ?? COUNT;
  const quantizer = new Quantizer({
    channelCount: 2,
    bitDepth: 16,
    dither: settings.dither ?? true,
    seed: settings.seed ?? 1,
    firstFrame: settings.firstFrame ?? 0,
  });
  const block = new Float32Array(BLOCK).fill(level / 32768);
  const channels: number[][] = [[], []];
  for (let from = 0; from < count; from += BLOCK) {
    const frames = Math.min(BLOCK, count - from);
    quantizer.process([block, block], frames);
    for (const [channel, line] of quantizer.lines.entries()) channels[channel]!.push(...line.subarray(0, frames));
  }
  quantizer.close();
  return channels as [number[], number[]];
}

describe('dither', () => {
  // Lipshitz, Wannamaker and Vanderkooy 1992: with triangular dither the first two moments of the error do not depend on the signal.
  test.each([0, 0.1, 0.25, 0.5, 0.9, -0.5, -3.3, 1234.75])(
    'makes the error of a signal at %d bits have mean 0 and variance 1/4',
    (level) => {
      const exact = Math.fround(level / 32768) * 32768;
      const errors = quantized(level, {})[0].map((value) => value - exact);
      expect(mean(errors)).toBeCloseTo(0, 2);
      expect(mean(errors.map((error) => error ** 2))).toBeCloseTo(1 / 4, 2);
    },
  );

  test('is triangular: silence becomes -1, 0 and 1 with probabilities 1/8, 3/4 and 1/8', () => {
    const [values] = quantized(0, {});
    const share = (wanted: number) => values.filter((value) => value === wanted).length / COUNT;
    expect([-1, 0, 1].map((value) => share(value) * 8)).toEqual([1, 6, 1].map((eighths) => expect.closeTo(eighths, 1)));
    expect(share(-1) + share(0) + share(1)).toBe(1);
  });

  test('is white, and different for channels and seeds', () => {
    const [values, other] = quantized(0, {});
    const correlation = (a: readonly number[], b: readonly number[]) =>
      mean(a.map((value, i) => value * (b[i] ?? 0))) / (1 / 4);
    for (const lag of [1, 2, 3, 4, 8, 64, 1024])
      expect(Math.abs(correlation(values, values.slice(lag)))).toBeLessThan(0.01);
    expect(Math.abs(correlation(values, other))).toBeLessThan(0.01);
    expect(Math.abs(correlation(values, quantized(0, { seed: 2 })[0]))).toBeLessThan(0.01);
  });

  test.each([0, 40, 2 ** 32 - 40, 2 ** 33 + 1])(
    'depends on the frame alone, not on where a file starts or how it is divided: from frame %d',
    (firstFrame) => {
      const [whole] = quantized(0.5, { firstFrame, count: 2500 });
      const [rest] = quantized(0.5, { firstFrame: firstFrame + 61, count: 2400 });
      expect(rest).toEqual(whole.slice(61, 2461));
      expect(new Set(whole).size).toBeGreaterThan(1);
    },
  );

  test('is another 2^32 frames later', () => {
    expect(quantized(0, { count: 100 })).not.toEqual(quantized(0, { count: 100, firstFrame: 2 ** 32 }));
  });

  test('is not there when it is not wanted', () => {
    expect(new Set(quantized(0.4, { dither: false, count: 100 })[0])).toEqual(new Set([0]));
    expect(new Set(quantized(0.5, { dither: false, count: 100 })[0])).toEqual(new Set([1]));
    expect(new Set(quantized(-1.51, { dither: false, count: 100 })[0])).toEqual(new Set([-2]));
  });
});
