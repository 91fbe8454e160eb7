import { describe, expect, test } from '@jest/globals';
import { constantSample, type FontSample, makeFont, simpleFont, sineSample } from './make-font.js';
import { decibels, frequencyOf, note, play, rms } from './play.js';

const range = (low: number, high: number) => low | (high << 8);
const cents = (signal: Float32Array, hertz: number) =>
  1200 * Math.log2(frequencyOf(signal, 44100, 2000, 20000) / hertz);

/** A sine of 2205 Hz at key 69 with generators, played at a key. */
async function tuned(generators: readonly (readonly [number, number])[], key = 69): Promise<number> {
  const { left } = await play(simpleFont(sineSample(2205), [[54, 1], ...generators]), [note(0, key, 1)]);
  return cents(left, 2205);
}

describe('tuning of a zone (SF2.04 8.1.2)', () => {
  test('51 coarseTune and 52 fineTune are semitones and cents', async () => {
    expect(await tuned([[51, -5]])).toBeCloseTo(-500, 1);
    expect(await tuned([[52, 37]])).toBeCloseTo(37, 1);
  });

  test('56 scaleTuning is cents per key around the root key', async () => {
    expect(await tuned([[56, 50]], 79)).toBeCloseTo(500, 1);
    expect(await tuned([[56, 0]], 31)).toBeCloseTo(0, 1);
  });

  test('58 overridingRootKey takes the place of the sample’s own', async () => {
    expect(await tuned([[58, 60]])).toBeCloseTo(900, 1);
  });

  test('46 keynum plays one pitch whatever the key; 47 velocity one loudness', async () => {
    expect(await tuned([[46, 64]], 90)).toBeCloseTo(-500, 1);
    const font = simpleFont(constantSample(), [
      [54, 1],
      [47, 64],
    ]);
    const plain = await play(simpleFont(constantSample(), [[54, 1]]), [note(0, 60, 1, 64)]);
    const fixed = await play(font, [note(0, 60, 1, 127)]);
    expect(fixed.left[10000]).toBeCloseTo(plain.left[10000]!, 6);
  });

  test('a sample’s rate and correction change its pitch (SF2.04 7.10)', async () => {
    const sample = { ...sineSample(2205), rate: 22050, correction: 25 };
    const { left } = await play(simpleFont(sample, [[54, 1]]), [note(0, 69, 1)]);
    expect(cents(left, 2205)).toBeCloseTo(-1200 + 25, 1);
  });
});

describe('level and place', () => {
  test('48 initialAttenuation counts 0.4, as on the sound cards that fonts are made for (docs/engine.md)', async () => {
    const plain = await play(simpleFont(constantSample(), [[54, 1]]), [note(0, 60, 1)]);
    for (const centibels of [50, 100, 400]) {
      const { left } = await play(
        simpleFont(constantSample(), [
          [54, 1],
          [48, centibels],
        ]),
        [note(0, 60, 1)],
      );
      expect(decibels(left[10000]! / plain.left[10000]!)).toBeCloseTo(-0.04 * centibels, 2);
    }
  });

  test('17 pan: a stereo pair of zones gives each sample to its side', async () => {
    const font = makeFont({
      samples: [constantSample(0.5), constantSample(0.25)],
      instruments: [
        [
          {
            generators: [
              [17, -500],
              [54, 1],
            ],
            target: 0,
          },
          {
            generators: [
              [17, 500],
              [54, 1],
            ],
            target: 1,
          },
        ],
      ],
      presets: [{ zones: [{ target: 0 }] }],
    });
    const { left, right } = await play(font, [note(0, 60, 1)]);
    expect(decibels(left[10000]! / right[10000]!)).toBeCloseTo(6.02, 2);
  });

  test('9.4 instrument zones replace defaults and their global zone; preset zones add', async () => {
    const font = makeFont({
      samples: [constantSample()],
      instruments: [
        [
          {
            generators: [
              [54, 1],
              [48, 500],
            ],
          },
          { generators: [[48, 100]], target: 0 },
        ],
      ],
      presets: [{ zones: [{ generators: [[48, 900]] }, { generators: [[48, 50]], target: 0 }] }],
    });
    const plain = await play(simpleFont(constantSample(), [[54, 1]]), [note(0, 60, 1)]);
    const { left } = await play(font, [note(0, 60, 1)]);
    expect(decibels(left[10000]! / plain.left[10000]!)).toBeCloseTo(-6, 2);
  });

  test('43 keyRange and 44 velRange: a zone sounds inside both, at preset and instrument', async () => {
    const font = makeFont({
      samples: [constantSample()],
      instruments: [
        [
          {
            generators: [
              [43, range(50, 70)],
              [44, range(30, 100)],
              [54, 1],
            ],
            target: 0,
          },
        ],
      ],
      presets: [{ zones: [{ generators: [[43, range(60, 80)]], target: 0 }] }],
    });
    const sounds = async (key: number, velocity: number) =>
      rms((await play(font, [note(0, key, 0.1, velocity)], { seconds: 0.1 })).left) > 0;
    expect(await Promise.all([59, 60, 70, 71].map((key) => sounds(key, 64)))).toEqual([false, true, true, false]);
    expect(await Promise.all([29, 30, 100, 101].map((v) => sounds(65, v)))).toEqual([false, true, true, false]);
  });

  test('57 exclusiveClass: a note ends those of its class, at once but without a click, and no others', async () => {
    const zone = (key: number, exclusive: number) => ({
      generators: [
        [43, range(key, key)],
        [57, exclusive],
        [54, 1],
        [58, key],
      ] as const,
      target: 0,
    });
    const font = makeFont({
      samples: [constantSample()],
      instruments: [[zone(60, 1), zone(61, 1), zone(62, 2)]],
      presets: [{ zones: [{ target: 0 }] }],
    });
    const one = (await play(font, [note(0, 60, 1)])).left[40000]!;
    expect((await play(font, [note(0, 60, 1), note(0.1, 61, 1)])).left[40000]! / one).toBeCloseTo(1, 3);
    expect((await play(font, [note(0, 60, 1), note(0.1, 62, 1)])).left[40000]! / one).toBeCloseTo(2, 3);
  });
});

describe('54 sampleModes: loops', () => {
  /** A rise to the loop, 300 frames at one level, then 3000 frames at another. */
  const steps: FontSample = {
    data: Float32Array.from({ length: 4000 }, (_, i) => (i < 700 ? 0.2 : i < 1000 ? 0.4 : 0.1)),
    rate: 44100,
    rootKey: 60,
    loop: [700, 1000],
  };

  async function heard(mode: number, length: number) {
    const { left } = await play(
      simpleFont(steps, [
        [54, mode],
        [38, 1200],
      ]),
      [note(0, 60, length)],
      { seconds: 0.4 },
    );
    const unit = left[400]! / 0.2;
    return Array.from(left, (value) => value / unit);
  }

  test('0 and 2: the sample plays once, loop or not', async () => {
    for (const mode of [0, 2]) {
      const sound = await heard(mode, 1);
      expect([600, 850, 2000, 3900].map((at) => Math.round(sound[at]! * 100) / 100)).toEqual([0.2, 0.4, 0.1, 0.1]);
      expect(sound[4100]).toBe(0);
    }
  });

  test('1: the loop goes on, also after the release', async () => {
    const sound = await heard(1, 0.1);
    for (const at of [850, 1200, 4000]) expect(sound[at]).toBeCloseTo(0.4, 3);
    // The release of two seconds falls by 50 dB a second.
    for (const at of [6000, 12000]) expect(decibels(sound[at]! / 0.4)).toBeCloseTo(-50 * (at / 44100 - 0.1), 1);
  });

  test.each([0.1, 0.15, 0.2])(
    '3: released after %d s, the loop is left at its end and the sample plays out',
    async (length) => {
      const sound = await heard(3, length);
      const released = Math.round(length * 44100);
      expect(sound[released - 100]).toBeCloseTo(0.4, 3);
      const left = sound.findIndex((value, at) => at > released && value < 0.2);
      // At most a period late, and at most once through the loop.
      expect(left).toBeLessThan(released + 64 + 300);
      // The loop's turns are whole, so its end comes where the position says.
      expect(Math.abs(((left - 1000) % 300) - 0) % 300).toBeLessThan(2);
      const over = sound.findLastIndex((value) => value !== 0);
      expect(Math.abs(over - (left + 3000))).toBeLessThan(8);
    },
  );
});
