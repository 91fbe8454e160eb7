import { describe, expect, test } from '@jest/globals';
import { loadSoundFont, type PartEvent, SoundFontError } from '@musistrata/render-core';
import { makeFont, simpleFont, sineSample } from './make-font.js';
import { controller, note, play } from './play.js';

const events: readonly PartEvent[] = [
  note(0, 60, 0.02),
  controller(0.005, 1, 127),
  note(0.001, 0, 0.01, 1),
  note(0.002, 127, 0.03),
  { kind: 'pitchBend', time: 0.01, value: 16383 },
  controller(0.012, 64, 127),
];

const font = makeFont({
  samples: [sineSample(441, 0.05), sineSample(900, 0.02)],
  instruments: [
    [
      {
        generators: [
          [54, 1],
          [8, 9000],
        ],
      },
      {
        generators: [
          [43, 90 << 8],
          [5, 100],
          [11, -2400],
          [34, -3000],
          [38, -2000],
          [2, 3],
          [57, 2],
        ],
        target: 0,
      },
      {
        generators: [
          [54, 3],
          [9, 200],
          [13, 60],
        ],
        modulators: [{ source: 0x0502, destination: 8, amount: -2400 }],
        target: 1,
      },
    ],
  ],
  presets: [{ zones: [{ generators: [[52, 10]] }, { target: 0 }] }],
});

/** Plays a font if it is one. Returns whether it was refused; throws when it was neither played nor refused as it should be. */
async function survives(bytes: Uint8Array): Promise<boolean> {
  let loaded: Awaited<ReturnType<typeof loadSoundFont>>;
  try {
    loaded = await loadSoundFont(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(SoundFontError);
    return true;
  }
  const { left, right, reverb, chorus } = await play(loaded, events, { seconds: 0.06, quality: 'high' });
  for (const signal of [left, right, reverb, chorus]) {
    // One comparison for all samples: NaN and infinities make a sum that is not finite.
    expect(Number.isFinite(signal.reduce((sum, value) => sum + value, 0))).toBe(true);
  }
  return false;
}

/** Marsaglia's xorshift: the same fonts in every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

describe('a hostile font is refused or played, and nothing else happens', () => {
  test('with bytes changed anywhere but in its samples', async () => {
    const random = randomNumbers(1);
    const tables = font.length - 1200;
    let refused = 0;
    for (let round = 0; round < 300; round++) {
      const bytes = font.slice();
      for (let change = random(6); change >= 0; change--) {
        const at = random(4) === 0 ? random(120) : tables + random(1200);
        bytes[at] = [0, 255, 128, 127, random(256)][random(5)]!;
      }
      if (await survives(bytes)) refused++;
    }
    // Both must occur for this to have tested anything.
    expect(refused).toBeGreaterThan(10);
    expect(refused).toBeLessThan(290);
  });

  test('cut off at any place', async () => {
    const random = randomNumbers(2);
    for (let round = 0; round < 100; round++) await survives(font.slice(0, random(font.length)));
  });

  test.each([
    ['nothing at all', new Uint8Array(0)],
    ['something else', new TextEncoder().encode('RIFF....sfbkLIST')],
  ])('that is %s', async (_, bytes) => {
    expect(await survives(bytes)).toBe(true);
  });

  const extremes = [-32768, -1, 0, 1, 32767];
  test.each(Array.from({ length: 60 }, (_, generator) => [generator] as const))(
    'with any value of generator %d',
    async (generator) => {
      for (const value of extremes) {
        await survives(
          simpleFont(sineSample(441, 0.02), [
            [54, 1],
            [generator, value & 0xffff],
          ]),
        );
      }
    },
  );

  test.each([
    [0, 1],
    [0, 2],
    [880, 881],
    [881, 882],
    [0, 882],
    [500, 400],
    [2_000_000, 3_000_000],
  ])('that loops from %d to %d of 882 frames', async (start, end) => {
    await survives(simpleFont({ ...sineSample(441, 0.02), loop: [start, end] }, [[54, 1]]));
  });
});
