import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ScratchSignal } from '@musistrata/render-core/render/scratch-signal.js';
import { largestDifference, temporaryFolder } from '../audio/encode.js';

const folder = temporaryFolder();
const ramp = (from: number, count: number) =>
  [1, -1].map((sign) => Float32Array.from({ length: count }, (_, i) => sign * (from + i)));

/** Reads a stretch in one go. */
function read(signal: ScratchSignal, start: number, count: number): Float32Array[] {
  const target = [new Float32Array(count), new Float32Array(count)];
  expect(signal.read(start, target, count)).toBe(count);
  return target;
}

describe.each([
  ['in memory', 1 << 30, false],
  ['in a file', 300000, true],
] as const)('a scratch signal %s', (_, memoryLimit, inFile) => {
  test('gives back what was appended and written, in any order and across pages', () => {
    const path = join(folder.path, 'signal');
    const signal = new ScratchSignal(path, 2, memoryLimit);
    const frames = 100000;
    for (let from = 0; from < frames; from += 1000) signal.append(ramp(from, 1000), 0, 1000);
    expect(signal.frames).toBe(frames);
    expect(existsSync(path)).toBe(inFile);
    const expected = ramp(0, frames);
    // Changes far apart, over the boundary of a page, and at the very end.
    for (const start of [90000, 16380, 0, 99990, 50000]) {
      const change = [new Float32Array(10).fill(0.5), new Float32Array(10).fill(0.25)];
      signal.write(start, change, 0, 10);
      for (const [channel, samples] of change.entries()) expected[channel]!.set(samples, start);
    }
    for (const [start, count] of [
      [0, frames],
      [16000, 1000],
      [99000, 1000],
      [3, 20000],
    ] as const)
      for (const [channel, samples] of read(signal, start, count).entries())
        expect(largestDifference(samples, expected[channel]!.subarray(start, start + count))).toBe(0);
    signal.truncate(60000);
    expect(signal.read(59990, [new Float32Array(100), new Float32Array(100)], 100)).toBe(10);
    signal.close();
    signal.close();
    expect(existsSync(path)).toBe(false);
  });
});

test('a mono signal takes half as much', () => {
  const path = join(folder.path, 'mono');
  const signal = new ScratchSignal(path, 1, 16384 * 4);
  signal.append(ramp(0, 16384), 0, 16384);
  expect(existsSync(path)).toBe(false);
  signal.append(ramp(0, 1), 0, 1);
  expect(existsSync(path)).toBe(true);
  signal.close();
});
