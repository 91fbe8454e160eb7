import { describe, expect, test } from '@jest/globals';
import { constantSample, simpleFont, sineSample } from './make-font.js';
import { decibels, frequencyOf, note, play } from './play.js';

const RATE = 44100;
/** Timecents of a time in seconds. */
const timecents = (seconds: number) => Math.round(1200 * Math.log2(seconds));
const seconds = (cents: number) => 2 ** (cents / 1200);
/** Seconds of the shortest attack, -12000 timecents. */
const SHORTEST = 2 ** -10;
const frame = (time: number) => Math.round(time * RATE);

/** The gain of a voice over time, in dB re its gain without envelope. */
async function gains(generators: readonly (readonly [number, number])[], key = 60, length = 1, total = 1) {
  const sample = constantSample();
  const plain = await play(simpleFont(sample, [[54, 1]]), [note(0, key, 1)], { seconds: 0.1 });
  const full = plain.left[4000]!;
  const { left } = await play(simpleFont(sample, [[54, 1], ...generators]), [note(0, key, length)], { seconds: total });
  return (time: number) => decibels(Math.max(1e-9, left[frame(time)]! / full));
}

describe('volume envelope (SF2.04 8.1.2, generators 33 to 40)', () => {
  test('33 delayVolEnv: silence until the delay is over', async () => {
    const delay = timecents(0.25);
    const gain = await gains([[33, delay]]);
    expect(gain(seconds(delay) - 0.0001)).toBe(-180);
    expect(gain(seconds(delay) + 0.01)).toBeCloseTo(0, 2);
  });

  test('34 attackVolEnv: amplitude rises straight to its peak', async () => {
    const attack = timecents(0.4);
    const gain = await gains([[34, attack]]);
    for (const part of [0.1, 0.25, 0.5, 0.75, 0.99])
      expect(gain(part * seconds(attack))).toBeCloseTo(decibels(part), 1);
    expect(gain(seconds(attack) * 1.01)).toBeCloseTo(0, 2);
  });

  test('35 and 36: holds at the peak, then falls by 100 dB in the decay time, straight in dB', async () => {
    const hold = timecents(0.2);
    const decay = timecents(1.5);
    const gain = await gains([
      [35, hold],
      [36, decay],
      [37, 1000],
    ]);
    expect(gain(seconds(hold) * 0.99)).toBeCloseTo(0, 2);
    for (const time of [0.1, 0.3, 0.5, 0.7])
      expect(gain(SHORTEST + seconds(hold) + time)).toBeCloseTo((-100 * time) / seconds(decay), 1);
  });

  test('37 sustainVolEnv: stays at its decrease in centibels', async () => {
    for (const sustain of [60, 200, 500]) {
      const gain = await gains([
        [36, timecents(0.3)],
        [37, sustain],
      ]);
      expect(gain(0.5)).toBeCloseTo(-sustain / 10, 2);
      expect(gain(0.9)).toBeCloseTo(-sustain / 10, 2);
    }
  });

  test('38 releaseVolEnv: falls by 100 dB in the release time from the level at the release', async () => {
    const release = timecents(1);
    const gain = await gains(
      [
        [37, 120],
        [36, timecents(0.1)],
        [38, release],
      ],
      60,
      0.4,
    );
    for (const time of [0.05, 0.2, 0.4]) expect(gain(0.4 + time)).toBeCloseTo(-12 - (100 * time) / seconds(release), 1);
  });

  test('38 releaseVolEnv: begins from the amplitude that the attack has reached', async () => {
    const gain = await gains(
      [
        [34, timecents(1)],
        [38, timecents(1)],
      ],
      60,
      0.5,
    );
    for (const time of [0.05, 0.2]) expect(gain(0.5 + time)).toBeCloseTo(decibels(0.5) - 100 * time, 1);
  });

  test.each([36, 60, 84])('39 and 40: key %d scales hold and decay by timecents per key around key 60', async (key) => {
    const hold = timecents(0.15);
    const decay = timecents(1);
    const gain = await gains(
      [
        [35, hold],
        [39, 30],
        [36, decay],
        [40, 40],
        [37, 1000],
      ],
      key,
    );
    const held = seconds(hold + (60 - key) * 30);
    const decays = seconds(decay + (60 - key) * 40);
    expect(gain(held * 0.98)).toBeCloseTo(0, 1);
    expect(gain(held + decays * 0.2)).toBeCloseTo(-20, 0);
    expect(gain(held + decays * 0.4) - gain(held + decays * 0.2)).toBeCloseTo(-20, 1);
  });
});

/** Pitch of a sine in cents re its own frequency, from the crossings around a time. */
function pitch(signal: Float32Array, time: number, width = 0.02): number {
  return 1200 * Math.log2(frequencyOf(signal, RATE, frame(time - width / 2), frame(time + width / 2)) / 2205);
}

describe('modulation envelope to pitch (SF2.04 8.1.2, generators 7 and 25 to 32)', () => {
  const sine = sineSample(2205, 1);
  const sound = async (generators: readonly (readonly [number, number])[], length = 1) =>
    (await play(simpleFont(sine, [[54, 1], [38, 0], ...generators]), [note(0, 69, length)], { seconds: 1.2 })).left;

  test('25 and 26: nothing during the delay, then the convex curve 1 + 20/96 log10(x^2) of 9.5.3', async () => {
    const delay = timecents(0.1);
    const attack = timecents(0.8);
    const left = await sound([
      [7, 1200],
      [25, delay],
      [26, attack],
    ]);
    expect(pitch(left, 0.05)).toBeCloseTo(0, 0);
    for (const part of [0.15, 0.3, 0.5, 0.8]) {
      const expected = 1200 * (1 + (20 / 96) * Math.log10(part * part));
      expect(Math.abs(pitch(left, seconds(delay) + part * seconds(attack)) - expected)).toBeLessThan(4);
    }
  });

  test('27, 28 and 29: holds, falls straight to the sustain level in its share of the decay time', async () => {
    const hold = timecents(0.2);
    const decay = timecents(1);
    const left = await sound([
      [7, 1200],
      [27, hold],
      [28, decay],
      [29, 600],
    ]);
    expect(pitch(left, 0.1)).toBeCloseTo(1200, 0);
    for (const time of [0.1, 0.3, 0.5]) expect(pitch(left, seconds(hold) + time)).toBeCloseTo(1200 * (1 - time), -1);
    expect(pitch(left, 0.9)).toBeCloseTo(480, 0);
  });

  test('30 releaseModEnv: falls straight to nothing in the release time', async () => {
    const left = await sound(
      [
        [7, -1200],
        [30, timecents(0.8)],
      ],
      0.3,
    );
    for (const time of [0.1, 0.3, 0.5])
      expect(Math.abs(pitch(left, 0.3 + time) + 1200 * (1 - time / seconds(timecents(0.8))))).toBeLessThan(6);
  });
});

describe('low frequency oscillators (SF2.04 8.1.2, generators 5, 6 and 21 to 24)', () => {
  test.each([
    ['modulation', 5, 21, 22],
    ['vibrato', 6, 23, 24],
  ])('the %s LFO swings as a triangle of its depth and rate after its delay', async (_, depth, delay, rate) => {
    const hertz = 8.176 * 2 ** (-2400 / 1200);
    const generators = [
      [54, 1],
      [depth, 300],
      [delay, timecents(0.25)],
      [rate, -2400],
    ] as const;
    const { left } = await play(simpleFont(sineSample(2205, 1), generators), [note(0, 69, 1.2)], { seconds: 1.2 });
    const start = seconds(timecents(0.25));
    expect(pitch(left, 0.1)).toBeCloseTo(0, 1);
    const triangle = (x: number) => 1 - Math.abs(4 * ((x + 0.25) % 1) - 2);
    for (const cycle of [0.1, 0.2, 0.35, 0.5, 0.65, 0.85, 1.1])
      expect(Math.abs(pitch(left, start + cycle / hertz) - 300 * triangle(cycle))).toBeLessThan(4);
  });

  test('13 modLfoToVolume: a swing of as many centibels up and down', async () => {
    const generators = [
      [13, 60],
      [22, -2400],
      [37, 100],
      [36, -12000],
    ] as const;
    const hertz = 8.176 / 4;
    const gain = await gains(generators);
    expect(gain(0.25 / hertz)).toBeCloseTo(-10 + 6, 1);
    expect(gain(0.75 / hertz)).toBeCloseTo(-10 - 6, 1);
  });
});
