import { describe, expect, test } from '@jest/globals';
import { type Effect, effectSchema } from '@musistrata/render-core';
import { EffectChain } from '@musistrata/render-core/mix/effects/effect-chain.js';
import { reverberationSeconds } from '@musistrata/render-core/mix/effects/reverb-effect.js';
import { panGains } from '@musistrata/render-core/mix/pan-law.js';
import { largestDifference } from '../audio/encode.js';
import { swellingNoise } from './tones.js';

const RATE = 48000;
const { abs, cos, floor, sin } = Math;

/** The result of a chain on a copy of a signal, in blocks of the given length. */
function apply(effects: readonly unknown[], signal: readonly Float32Array[], block = 1024): Float32Array[] {
  const chain = new EffectChain(
    effects.map((effect): Effect => effectSchema.parse(effect)),
    RATE,
  );
  const [left, right] = signal.map((samples) => samples.slice());
  for (let from = 0; from < left!.length; from += block)
    chain.process(left!.subarray(from), right!.subarray(from), Math.min(block, left!.length - from));
  return [left!, right!];
}

function impulse(frames: number, right = 1): Float32Array[] {
  const channels = [new Float32Array(frames), new Float32Array(frames)];
  channels[0]![0] = 1;
  channels[1]![0] = right;
  return channels;
}

/** Magnitude in dB of the Fourier transform of an impulse response at one frequency. */
function responseDb(response: Float32Array, frequency: number): number {
  let re = 0;
  let im = 0;
  const step = (2 * Math.PI * frequency) / RATE;
  for (let i = 0; i < response.length; i++) {
    re += response[i]! * cos(step * i);
    im -= response[i]! * sin(step * i);
  }
  return 10 * Math.log10(re * re + im * im);
}

describe('pan', () => {
  test('keeps the power of a centred signal and is unity in the middle', () => {
    for (let position = 0; position <= 1; position += 0.05) {
      const { left, right } = panGains(position);
      expect(left ** 2 + right ** 2).toBeCloseTo(2, 12);
      expect(left / Math.SQRT2).toBeCloseTo(Math.cos((position * Math.PI) / 2), 12);
    }
    expect(panGains(0.5)).toEqual({ left: 1, right: 1 });
    expect(panGains(0)).toEqual({ left: Math.SQRT2, right: 0 });
    expect(panGains(1)).toEqual({ left: 0, right: Math.SQRT2 });
  });

  test('as an effect does the same', () => {
    const [left, right] = apply([{ type: 'pan', position: 0.33 }], impulse(4));
    expect(left![0]! / right![0]!).toBeCloseTo(1 / Math.tan((0.33 * Math.PI) / 2), 5);
  });
});

describe('echo', () => {
  test.each([0, 0.4 / RATE])('without delay (%d s) falls on the sound itself, with all its repeats', (delaySeconds) => {
    const repeats = 0.5 * (1 + 0.25 + 0.25 ** 2 + 0.25 ** 3 + 0.25 ** 4 / 0.75);
    const [left, right] = apply([{ type: 'echo', delaySeconds, gain: 0.5, feedback: 0.25 }], impulse(8, -0.5));
    expect([...left!]).toEqual([expect.closeTo(1 + repeats, 6), 0, 0, 0, 0, 0, 0, 0]);
    expect(right![0]).toBeCloseTo(-0.5 * (1 + repeats), 6);
  });

  test('is the input plus gain times the delayed input', () => {
    const [left] = apply([{ type: 'echo', delaySeconds: 0.5, gain: 0.5 }], impulse(RATE));
    const expected = new Float32Array(RATE);
    expected[0] = 1;
    expected[RATE / 2] = 0.5;
    expect(largestDifference(left!, expected)).toBe(0);
  });

  test('with feedback falls by that factor from repeat to repeat', () => {
    const [left] = apply([{ type: 'echo', delaySeconds: 0.1, gain: 0.8, feedback: 0.5 }], impulse(RATE));
    expect([1, 2, 3, 4].map((repeat) => left![repeat * 4800]!)).toEqual([0.8, 0.4, 0.2, 0.1].map(Math.fround));
  });
});

describe('filters have the response of the Audio EQ Cookbook', () => {
  const half = 10 * Math.log10(0.5);
  test.each([
    [
      'lowpass',
      0,
      [
        [20, 0],
        [1000, half],
        [10000, -42.7],
      ],
    ],
    [
      'highpass',
      0,
      [
        [20, -67.95],
        [1000, half],
        [20000, 0],
      ],
    ],
    ['bandpass', 0, [[1000, 0]]],
    [
      'notch',
      0,
      [
        [20, 0],
        [20000, 0],
      ],
    ],
    [
      'allpass',
      0,
      [
        [20, 0],
        [1000, 0],
        [5000, 0],
      ],
    ],
    [
      'peaking',
      9,
      [
        [20, 0],
        [1000, 9],
        [23000, 0],
      ],
    ],
    [
      'lowshelf',
      -12,
      [
        [20, -12],
        [1000, -6],
        [20000, 0],
      ],
    ],
    [
      'highshelf',
      6,
      [
        [20, 0],
        [1000, 3],
        [20000, 6],
      ],
    ],
  ] as const)('%s at %d dB', (shape, gainDb, points) => {
    const [response] = apply([{ type: 'filter', shape, frequencyHz: 1000, gainDb }], impulse(RATE));
    for (const [frequency, level] of points)
      expect(Math.abs(responseDb(response!, frequency) - level)).toBeLessThan(0.1);
  });

  test('a notch takes its frequency away, and a narrow one hardly anything else', () => {
    const [response] = apply([{ type: 'filter', shape: 'notch', frequencyHz: 1000, q: 10 }], impulse(RATE));
    expect(responseDb(response!, 1000)).toBeLessThan(-60);
    // Where f / f0 - f0 / f = 1 / q, half of the power is left.
    const edge = 1000 * (Math.sqrt(1 + 1 / 400) + 1 / 20);
    expect(Math.abs(responseDb(response!, edge) - half)).toBeLessThan(0.1);
  });

  test('at half a decibel of resonance the peak of a low-pass is its q', () => {
    const [response] = apply([{ type: 'filter', shape: 'lowpass', frequencyHz: 500, q: 8 }], impulse(RATE));
    expect(responseDb(response!, 500)).toBeCloseTo(20 * Math.log10(8), 1);
  });
});

describe('compressor', () => {
  const settings = { thresholdDb: -20, ratio: 4, attackSeconds: 0.005, releaseSeconds: 0.1, kneeDb: 6, makeupDb: 0 };

  /** Gain in dB that a steady level in dB gets in the end. */
  const steadyGainDb = (levelDb: number) => {
    const steady = new Float32Array(RATE).fill(10 ** (levelDb / 20));
    const [left] = apply([{ type: 'compressor', ...settings }], [steady, steady]);
    return 20 * Math.log10(left![RATE - 1]! / steady[0]!);
  };

  test('has the static curve of a soft knee: ends where the straight lines begin, with their slopes', () => {
    expect(steadyGainDb(-23)).toBeCloseTo(0, 4);
    expect(steadyGainDb(-17)).toBeCloseTo(-3 * 0.75, 4);
    expect(steadyGainDb(-8)).toBeCloseTo(-12 * 0.75, 4);
    expect(steadyGainDb(-20)).toBeCloseTo((-0.75 * 9) / 12, 4);
    const slope = (level: number) => (steadyGainDb(level + 0.01) - steadyGainDb(level - 0.01)) / 0.02;
    expect(slope(-23)).toBeCloseTo(0, 2);
    expect(slope(-17)).toBeCloseTo(-0.75, 2);
  });

  test('follows that curve from -100 dB to 40 dB above full scale', () => {
    for (let levelDb = -100; levelDb < 40; levelDb += 3.7) {
      const knee = (-0.75 * (levelDb + 23) ** 2) / 12;
      const expected = levelDb > -17 ? -0.75 * (levelDb + 20) : levelDb > -23 ? knee : 0;
      expect(steadyGainDb(levelDb)).toBeCloseTo(expected, 4);
    }
  });

  test('brings a steady level to its curve, 12 dB over the threshold to 3 dB over', () => {
    const steady = [new Float32Array(RATE).fill(10 ** (-8 / 20)), new Float32Array(RATE).fill(0.01)];
    const [left, right] = apply([{ type: 'compressor', ...settings, makeupDb: 2 }], steady);
    expect(20 * Math.log10(left![RATE - 1]!)).toBeCloseTo(-17 + 2, 2);
    // The louder channel decides for both.
    expect(right![RATE - 1]! / 0.01).toBeCloseTo(10 ** ((-9 + 2) / 20), 3);
  });

  test('reaches 63 % of the gain change after the attack time, and of the way back after the release time', () => {
    const loud = 10 ** (-8 / 20);
    const signal = Float32Array.from({ length: 2 * RATE }, (_, i) => (i < RATE ? loud : 1e-4));
    const [left] = apply([{ type: 'compressor', ...settings }], [signal, signal.slice()]);
    const gainDb = (frame: number) => 20 * Math.log10(left![frame]! / signal[frame]!);
    expect(gainDb(0.005 * RATE)).toBeCloseTo(-9 * (1 - Math.exp(-1)), 1);
    expect(gainDb(RATE + 0.1 * RATE)).toBeCloseTo(-9 * Math.exp(-1), 1);
  });

  test('leaves what is below the knee alone', () => {
    const quiet = swellingNoise(1, RATE).map((samples) => samples.map((x) => x * 0.05));
    const [left] = apply([{ type: 'compressor', ...settings }], quiet);
    expect(largestDifference(left!, quiet[0]!)).toBe(0);
  });
});

describe('reverb', () => {
  const wet = { type: 'reverb', mix: 1, damping: 0 };

  test.each([0, 0.5, 0.8])('of room size %d decays by 60 dB in its reverberation time', (roomSize) => {
    const seconds = reverberationSeconds(roomSize);
    const frames = Math.ceil(1.3 * seconds * RATE);
    const [left, right] = apply([{ ...wet, roomSize }], impulse(frames));
    const energyFrom = (from: number, to: number) => {
      let sum = 0;
      for (let i = floor(from * RATE); i < to * RATE; i++) sum += left![i]! ** 2 + right![i]! ** 2;
      return sum;
    };
    const window = 0.1 * seconds;
    const fall = energyFrom(0.2 * seconds, 0.2 * seconds + window) / energyFrom(seconds, seconds + window);
    expect(Math.abs(10 * Math.log10(fall) - 48)).toBeLessThan(3);
  });

  test('is about as loud wet as dry in every room, silent before its pre-delay, and ends', () => {
    const noise = swellingNoise(4, RATE);
    const power = (samples: Float32Array) => samples.reduce((sum, x) => sum + x * x, 0);
    for (const roomSize of [0, 0.5, 1]) {
      const [left] = apply([{ ...wet, roomSize, damping: 0.4 }], noise);
      expect(Math.abs(10 * Math.log10(power(left!) / power(noise[0]!)))).toBeLessThan(6);
    }
    const [delayed] = apply([{ ...wet, preDelaySeconds: 0.2 }], impulse(RATE));
    expect(delayed!.subarray(0, 0.2 * RATE).every((x) => x === 0)).toBe(true);
    expect(power(delayed!)).toBeGreaterThan(0.001);
  });

  test('of width 0 is mono, of width 1 is not', () => {
    const [left, right] = apply([{ ...wet, width: 0 }], impulse(RATE));
    expect(largestDifference(left!, right!)).toBe(0);
    const [wideLeft, wideRight] = apply([{ ...wet, width: 1 }], impulse(RATE));
    expect(largestDifference(wideLeft!, wideRight!)).toBeGreaterThan(0.01);
  });

  test('damps high frequencies sooner', () => {
    const late = (damping: number, frequency: number) => {
      const [left] = apply([{ ...wet, roomSize: 0.6, damping }], impulse(RATE));
      return responseDb(left!.slice(RATE / 2), frequency);
    };
    expect(late(0.8, 12000) - late(0.8, 200)).toBeLessThan(late(0, 12000) - late(0, 200) - 20);
  });
});

describe('chorus', () => {
  test('of depth 0 is a delay of 6 ms', () => {
    const [left] = apply([{ type: 'chorus', mix: 1, depthSeconds: 0 }], impulse(RATE));
    expect(left!.indexOf(1)).toBe(0.006 * RATE);
  });

  test('bends the pitch up and down by 2 pi rate x half the depth', () => {
    const rateHz = 2;
    const depthSeconds = 0.004;
    const frequency = 1000;
    const tone = Float32Array.from({ length: RATE }, (_, i) => sin((2 * Math.PI * frequency * i) / RATE));
    const [left] = apply([{ type: 'chorus', mix: 1, rateHz, depthSeconds }], [tone, tone.slice()]);
    const crossings: number[] = [];
    for (let i = RATE / 10; i < RATE - 1; i++)
      if (left![i]! < 0 && left![i + 1]! >= 0) crossings.push(i - left![i]! / (left![i + 1]! - left![i]!));
    const periods = crossings.slice(1).map((at, i) => at - crossings[i]!);
    const swing = 2 * Math.PI * rateHz * (depthSeconds / 2);
    expect(RATE / Math.min(...periods) / frequency).toBeCloseTo(1 + swing, 2);
    expect(RATE / Math.max(...periods) / frequency).toBeCloseTo(1 - swing, 2);
  });
});

describe('every effect', () => {
  const effects: readonly { type: string }[] = [
    { type: 'echo', ...{ delaySeconds: 0.03, feedback: 0.5 } },
    { type: 'reverb' },
    { type: 'chorus' },
    { type: 'filter', ...{ shape: 'peaking', frequencyHz: 800, gainDb: 6 } },
    { type: 'compressor' },
    { type: 'gain', ...{ gainDb: -3 } },
    { type: 'pan', ...{ position: 0.2 } },
  ];

  test.each(effects)('gives the same samples whatever the division into blocks: $type', (effect) => {
    const noise = swellingNoise(0.5, RATE);
    const whole = apply([effect], noise, 1024);
    for (const block of [63, 1000])
      for (const [channel, samples] of apply([effect], noise, block).entries())
        expect(largestDifference(samples, whole[channel]!)).toBe(0);
  });

  test.each(effects.filter(({ type }) => type !== 'compressor'))('is linear: $type', (effect) => {
    const a = swellingNoise(1, RATE, 1);
    const b = swellingNoise(1, RATE, 2);
    const sum = a.map((samples, channel) => samples.map((x, i) => x + b[channel]![i]!));
    const [apart, other, together] = [a, b, sum].map((signal) => apply([effect], signal));
    let largest = 0;
    for (const channel of [0, 1])
      for (let i = 0; i < RATE; i += 7)
        largest = Math.max(largest, abs(together![channel]![i]! - apart![channel]![i]! - other![channel]![i]!));
    expect(largest).toBeLessThan(1e-5);
  });

  test('is applied in the order of the chain', () => {
    const loud = [new Float32Array(RATE).fill(0.5), new Float32Array(RATE).fill(0.5)];
    const compressor = { type: 'compressor', thresholdDb: -20, ratio: 10, kneeDb: 0 };
    const gain = { type: 'gain', gainDb: -30 };
    const [first] = apply([gain, compressor], loud);
    const [second] = apply([compressor, gain], loud);
    expect(first![RATE - 1]).toBeCloseTo(0.5 * 10 ** (-30 / 20), 5);
    expect(second![RATE - 1]!).toBeLessThan(0.25 * first![RATE - 1]!);
  });
});
