import { describe, expect, test } from '@jest/globals';
import { constantSample, simpleFont, sineSample } from './make-font.js';
import { controller, decibels, frequencyOf, note, play, rms } from './play.js';

/** FluidSynth's default gain, the 1.51 dB that its filter adds, and the 0.41 dB that its controller curves lack at full scale. */
const MASTER = 0.2 * 2 ** 0.25 * 10 ** (-0.41 / 20);

describe('notes', () => {
  test.each([
    [69, 441],
    [81, 882],
    [57, 220.5],
    [60, 441 * 2 ** (-9 / 12)],
  ])('key %d of a sample of 441 Hz at key 69 sounds at %d Hz, to a hundredth of a cent', async (key, hertz) => {
    const { left } = await play(simpleFont(sineSample(), [[54, 1]]), [note(0, key, 2)], { seconds: 2 });
    expect(Math.abs(1200 * Math.log2(frequencyOf(left, 44100, 4410) / hertz))).toBeLessThan(0.01);
  });

  test('a constant sample at full velocity and volume comes out at the master gain, 3.01 dB down on each side', async () => {
    const events = [controller(0, 7, 127), note(0, 60, 1)];
    const { left, right } = await play(simpleFont(constantSample(0.5), [[54, 1]]), events);
    expect(left[20000]).toBeCloseTo(0.5 * MASTER * Math.SQRT1_2, 5);
    expect(right[20000]).toBeCloseTo(0.5 * MASTER * Math.SQRT1_2, 5);
  });

  test.each([0, 1, 17, 63, 64, 65, 1000, 1023, 1024, 4097])('an onset at frame %d is exact', async (frame) => {
    const { left } = await play(simpleFont(constantSample(), [[54, 1]]), [note(frame / 44100, 60, 1)], {
      seconds: 0.2,
    });
    expect(left.findIndex((value) => value !== 0)).toBe(frame);
  });

  test.each([4410, 4411, 4443, 4473])('a release at frame %d is exact', async (frame) => {
    const { left } = await play(simpleFont(constantSample(), [[54, 1]]), [note(0, 60, frame / 44100)], {
      seconds: 0.2,
    });
    const level = left[4300]!;
    expect(left[frame - 1]).toBeCloseTo(level, 6);
    expect(left[frame]!).toBeLessThan(level * 0.999);
  });

  test('the sound does not depend on the size of the blocks', async () => {
    const font = simpleFont(sineSample(), [
      [54, 1],
      [8, 8000],
      [5, 50],
      [22, -1000],
      [38, -2000],
    ]);
    const events = [note(0.001, 60, 0.2), controller(0.1, 1, 90), note(0.0377, 64, 0.3, 80), controller(0.2, 7, 30)];
    const whole = await play(font, events, { seconds: 0.6, blockFrames: 4096 });
    for (const blockFrames of [1, 63, 64, 100, 1000]) {
      const divided = await play(font, events, { seconds: 0.6, blockFrames });
      expect(divided.left).toEqual(whole.left);
      expect(divided.reverb).toEqual(whole.reverb);
    }
  });

  test('two equal notes at once are one note of twice the amplitude', async () => {
    const font = simpleFont(sineSample(), [[54, 1]]);
    const one = await play(font, [note(0, 69, 0.5)]);
    const two = await play(font, [note(0, 69, 0.5), note(0, 69, 0.5)]);
    expect(decibels(rms(two.left) / rms(one.left))).toBeCloseTo(6.0206, 3);
  });

  test('a note of velocity 0 is silent', async () => {
    const { left } = await play(simpleFont(sineSample(), [[54, 1]]), [note(0, 69, 0.5, 0)]);
    expect(rms(left)).toBe(0);
  });

  test.each([20, 50, 60, 100, 127])(
    'on the linear curve velocity %d has an amplitude of a hundredth of it',
    async (velocity) => {
      const events = [controller(0, 7, 127), note(0, 60, 1, velocity)];
      const { left } = await play(simpleFont(constantSample(0.5), [[54, 1]]), events, { velocityCurve: 'linear' });
      expect(left[20000]).toBeCloseTo((velocity / 100) * 0.5 * MASTER * Math.SQRT1_2, 5);
    },
  );

  test.each([1, 20, 64, 100])(
    'velocity %d attenuates by 40 log10(127 / velocity) dB (SF2.04 8.4.1)',
    async (velocity) => {
      const font = simpleFont(constantSample(0.5), [[54, 1]]);
      const loud = await play(font, [note(0, 60, 1)]);
      const soft = await play(font, [note(0, 60, 1, velocity)]);
      expect(decibels(loud.left[10000]! / soft.left[10000]!)).toBeCloseTo(40 * Math.log10(127 / velocity), 2);
    },
  );
});
