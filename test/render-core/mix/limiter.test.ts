import { describe, expect, test } from '@jest/globals';
import { MasterSignal, type ReadableSignal } from '@musistrata/render-core/mix/master-signal.js';
import { SignalMeter } from '@musistrata/render-core/mix/measure/signal-meter.js';
import { largestDifference } from '../audio/encode.js';
import { swellingNoise } from './tones.js';

class ArraySignal implements ReadableSignal {
  readonly frames: number;
  readonly channelCount: number;

  constructor(private readonly channels: readonly Float32Array[]) {
    this.frames = channels[0]!.length;
    this.channelCount = channels.length;
  }

  read(start: number, target: readonly Float32Array[], count: number): number {
    const end = Math.min(this.frames, start + count);
    for (const [channel, samples] of this.channels.entries()) target[channel]!.set(samples.subarray(start, end));
    return Math.max(0, end - start);
  }
}

function master(
  channels: readonly Float32Array[],
  sampleRate: number,
  gainDb: number,
  ceilingDb: number | null,
  block = 1000,
) {
  const signal = new MasterSignal(new ArraySignal(channels), { sampleRate, gainDb, ceilingDb }, block);
  const result = channels.map((samples) => new Float32Array(samples.length));
  const blocks = channels.map(() => new Float32Array(block));
  let position = 0;
  for (let count = signal.read(blocks, block); count > 0; count = signal.read(blocks, block)) {
    for (const [channel, samples] of result.entries()) samples.set(blocks[channel]!.subarray(0, count), position);
    position += count;
  }
  signal.close();
  expect(position).toBe(channels[0]!.length);
  return result;
}

function truePeakDb(channels: readonly Float32Array[], sampleRate: number): number {
  const meter = new SignalMeter(sampleRate, channels.length);
  meter.process(channels, channels[0]!.length);
  meter.finish();
  return meter.measures(0).peakDbtp!;
}

describe('the limiter', () => {
  test.each([8000, 44100, 96000, 192000])('keeps the true peak under the ceiling at %d Hz', (sampleRate) => {
    for (const gainDb of [6, 12, 24]) {
      const limited = master(swellingNoise(1, sampleRate), sampleRate, gainDb, -1);
      expect(truePeakDb(limited, sampleRate)).toBeLessThanOrEqual(-0.95);
    }
  });

  test('catches a lone click, a step and a square at full swing', () => {
    const click = new Float32Array(20000);
    click[10000] = 4;
    const step = new Float32Array(20000).fill(3, 10000);
    const square = Float32Array.from({ length: 20000 }, (_, i) => ((i / 50) & 1) * 4 - 2);
    for (const samples of [click, step, square]) {
      const peak = truePeakDb(master([samples], 44100, 0, -1), 44100);
      expect(peak).toBeLessThanOrEqual(-0.95);
      expect(peak).toBeGreaterThan(-1.2);
    }
  });

  test('changes nothing while the signal is below the ceiling: same samples, same place', () => {
    const signal = swellingNoise(2, 44100).map((samples) => samples.map((x) => x * 0.5));
    const limited = master(signal, 44100, 0, -0.1);
    for (const [channel, samples] of limited.entries()) expect(largestDifference(samples, signal[channel]!)).toBe(0);
  });

  test('gives both channels the same gain', () => {
    const [loud] = swellingNoise(2, 44100);
    const quiet = loud!.map((x) => x / 8);
    const [a, b] = master([loud!, quiet], 44100, 20, -1);
    for (let i = 0; i < a!.length; i += 97) expect(b![i]! * 8).toBeCloseTo(a![i]!, 5);
  });

  test('recovers within half a second', () => {
    const click = new Float32Array(44100).fill(0.1);
    click[10000] = 4;
    const [limited] = master([click], 44100, 0, -1);
    expect(limited![9000]).toBeCloseTo(0.1, 6);
    expect(limited![10000 + 22050]).toBeCloseTo(0.1, 3);
  });

  test('brings a steady tone to the ceiling, not below', () => {
    const tone = Float32Array.from({ length: 44100 }, (_, i) => 3 * Math.sin((2 * Math.PI * 1000 * i) / 44100));
    const [limited] = master([tone], 44100, 0, -1);
    expect(truePeakDb([limited!.subarray(22050)], 44100)).toBeCloseTo(-1, 1);
  });

  test('after silence is as it was before: the same click is limited to the same samples', () => {
    const clicks = new Float32Array(2 * 44100 * 3);
    for (const at of [10000, 10000 + 44100 * 3]) for (let i = 0; i < 400; i++) clicks[at + i] = 3 * Math.sin(i / 9);
    const [limited] = master([clicks], 44100, 0, -1);
    const around = (at: number) => limited!.subarray(at - 1000, at + 20000);
    expect(largestDifference(around(10000), around(10000 + 44100 * 3))).toBe(0);
  });

  test('does not depend on the division into blocks', () => {
    const signal = swellingNoise(1, 44100);
    const [small] = master(signal, 44100, 12, -1, 64);
    const [large] = master(signal, 44100, 12, -1, 1024);
    const [odd] = master(signal, 44100, 12, -1, 61);
    expect(largestDifference(small!, large!)).toBe(0);
    expect(largestDifference(odd!, large!)).toBe(0);
  });
});
