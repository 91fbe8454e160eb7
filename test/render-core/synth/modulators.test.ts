import { describe, expect, test } from '@jest/globals';
import type { PartEvent } from '@musistrata/render-core';
import { constantSample, simpleFont, sineSample } from './make-font.js';
import { controller, decibels, frequencyOf, note, play } from './play.js';

const FONT = simpleFont(constantSample(), [[54, 1]]);

async function at(events: readonly PartEvent[], velocity = 127, font = FONT) {
  const { left, right, reverb, chorus } = await play(font, [...events, note(0, 60, 1, velocity)], { seconds: 0.4 });
  const frame = 15000;
  return { left: left[frame]!, right: right[frame]!, reverb: reverb[frame]!, chorus: chorus[frame]! };
}

/** dB of 8.4's concave curve of 96 dB at a value of 127. */
const concave = (value: number) => -40 * Math.log10(127 / value);
const loud = [controller(0, 7, 127), controller(0, 11, 127)];

describe('default modulators (SF2.04 8.4)', () => {
  test.each([1, 2, 10, 40, 64, 100, 126])('8.4.1 velocity %d attenuates along the concave curve', async (velocity) => {
    const [full, soft] = [await at(loud), await at(loud, velocity)];
    expect(decibels(soft.left / full.left)).toBeCloseTo(concave(velocity), 2);
  });

  test.each([
    ['8.4.5 volume', 7],
    ['8.4.8 expression', 11],
  ])('%s (controller %d) attenuates along the concave curve, and 0 is silence', async (_, number) => {
    const full = await at(loud);
    for (const value of [1, 20, 64, 100, 126]) {
      const turned = await at([...loud, controller(0, number, value)]);
      expect(decibels(turned.left / full.left)).toBeCloseTo(concave(value), 2);
    }
    expect(Math.abs((await at([...loud, controller(0, number, 0)])).left)).toBeLessThan(full.left * 10 ** (-90 / 20));
  });

  test('8.4.6 pan (controller 10) goes from hard left over the middle at 64 to hard right with constant power', async () => {
    const middle = await at([...loud, controller(0, 10, 64)]);
    expect(middle.left).toBeCloseTo(middle.right, 6);
    const power = middle.left ** 2 + middle.right ** 2;
    for (const value of [0, 1, 20, 50, 90, 127]) {
      const { left, right } = await at([...loud, controller(0, 10, value)]);
      expect((left ** 2 + right ** 2) / power).toBeCloseTo(1, 4);
      // RP-036: 1 to 127 are equal steps of an angle of 90 degrees.
      const angle = (Math.max(0, value - 1) / 126) * (Math.PI / 2);
      expect(Math.atan2(right, left)).toBeCloseTo(angle, 4);
    }
  });

  test.each([
    ['8.4.9', 91, 'reverb'],
    ['8.4.10', 93, 'chorus'],
  ] as const)('%s controller %d sends up to 20 %% to the %s', async (_, number, send) => {
    const total = Math.hypot((await at(loud)).left, (await at(loud)).right);
    for (const value of [0, 32, 64, 127]) {
      const sound = await at([...loud, controller(0, number, value)]);
      expect(sound[send] / total).toBeCloseTo((0.2 * value) / 127, 4);
    }
  });

  /** Half of the way between highest and lowest pitch of a vibrato, in cents. */
  async function vibrato(events: readonly PartEvent[]): Promise<number> {
    // The vibrato LFO turns once in 1.96 s.
    const font = simpleFont(sineSample(2205, 1), [
      [54, 1],
      [24, -4800],
    ]);
    const { left } = await play(font, [...events, note(0, 69, 2)], { seconds: 2 });
    const cents = (time: number) =>
      1200 *
      Math.log2(frequencyOf(left, 44100, Math.round((time - 0.02) * 44100), Math.round((time + 0.02) * 44100)) / 2205);
    const cycle = 16 / 8.1758;
    return (cents(cycle / 4) - cents((3 * cycle) / 4)) / 2;
  }

  test('8.4.3 and 8.4.4: channel pressure and modulation wheel bring up to 50 cents of vibrato, in a straight line', async () => {
    for (const value of [0, 64, 127]) {
      const depth = (50 * value) / 127;
      expect(Math.abs((await vibrato([controller(0, 1, value)])) - depth)).toBeLessThan(1.5);
      expect(Math.abs((await vibrato([{ kind: 'channelPressure', time: 0, pressure: value }])) - depth)).toBeLessThan(
        1.5,
      );
    }
  });

  test.each([
    [2, 0],
    [12, 0],
    [1, 50],
  ])('8.4.7 pitch wheel with a sensitivity of %d semitones and %d cents', async (semitones, cents) => {
    const range = semitones * 100 + cents;
    const set = [controller(0, 101, 0), controller(0, 100, 0), controller(0, 6, semitones), controller(0, 38, cents)];
    const font = simpleFont(sineSample(2205, 1), [[54, 1]]);
    for (const value of [0, 4096, 8192, 12288, 16383]) {
      const events: PartEvent[] = [...set, { kind: 'pitchBend', time: 0, value }, note(0, 69, 0.5)];
      const { left } = await play(font, events, { seconds: 0.5 });
      const heard = 1200 * Math.log2(frequencyOf(left, 44100, 1000, 20000) / 2205);
      expect(Math.abs(heard - (range * (value - 8192)) / 8192)).toBeLessThan(0.05);
    }
  });
});

describe('modulators of a font (SF2.04 8.2, 9.5)', () => {
  const attenuation = (source: number, amount: number, transform = 0, amountSource = 0) =>
    simpleFont(constantSample(), [[54, 1]], [{ source, destination: 48, amount, amountSource, transform }]);

  test.each([
    ['linear', 0, (x: number) => x],
    ['concave', 1, (x: number) => (x >= 1 ? 1 : Math.min(1, (-20 / 96) * Math.log10((1 - x) ** 2)))],
    ['convex', 2, (x: number) => (x <= 0 ? 0 : Math.max(0, 1 + (20 / 96) * Math.log10(x ** 2)))],
    ['switch', 3, (x: number) => (x >= 0.5 ? 1 : 0)],
  ] as const)('9.5.3 the %s curve, rising and falling', async (_, type, curve) => {
    const zero = await at(loud, 127, attenuation(0x80 | 20 | (type << 10), 0));
    for (const value of [0, 10, 50, 63, 64, 100, 127]) {
      const events = [...loud, controller(0, 20, value)];
      const rising = await at(events, 127, attenuation(0x80 | 20 | (type << 10), 300));
      expect(decibels(rising.left / zero.left)).toBeCloseTo(-30 * curve(value / 127), 1);
      const falling = await at(events, 127, attenuation(0x80 | 20 | 0x100 | (type << 10), 300));
      expect(decibels(falling.left / zero.left)).toBeCloseTo(-30 * curve(1 - value / 127), 1);
    }
  });

  test('8.2.5 the amount source multiplies', async () => {
    const font = attenuation(0x80 | 20, 400, 0, 0x80 | 21);
    const zero = await at([...loud, controller(0, 20, 127), controller(0, 21, 0)], 127, font);
    const half = await at([...loud, controller(0, 20, 127), controller(0, 21, 32)], 127, font);
    expect(decibels(half.left / zero.left)).toBeCloseTo((-40 * 32) / 127, 1);
  });

  test('9.5.1 a modulator with the source and destination of a default one takes its place', async () => {
    const font = attenuation(0x80 | 7 | 0x100 | (1 << 10), 480);
    const full = await at(loud, 127, font);
    const turned = await at([...loud, controller(0, 7, 64)], 127, font);
    expect(decibels(turned.left / full.left)).toBeCloseTo(concave(64) / 2, 2);
  });
});
