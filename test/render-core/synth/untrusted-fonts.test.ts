import { describe, expect, test } from '@jest/globals';
import { loadSoundFont, SoundFontError } from '@musistrata/render-core';
import { BasicSoundBank, SoundBankLoader } from 'spessasynth_core';
import { seededRandom } from '../instruments/measure.js';
import { constantSample, type FontSample, type FontZone, makeFont, simpleFont, sineSample } from './make-font.js';
import { controller, note, play } from './play.js';

const EVENTS = [
  controller(0, 1, 127),
  note(0, 60, 0.03),
  note(0.01, 127, 0.02, 1),
  note(0.015, 0, 0.02),
  controller(0.02, 74, 127),
];

/** Loads and plays a font: it is refused with a SoundFontError, or sounds finite. Returns whether it sounded. */
async function survives(bytes: Uint8Array): Promise<boolean> {
  let font: Awaited<ReturnType<typeof loadSoundFont>>;
  try {
    font = await loadSoundFont(bytes);
  } catch (error) {
    if (!(error instanceof SoundFontError)) throw error;
    return false;
  }
  const { left, right, reverb, chorus } = await play(font, EVENTS, { seconds: 0.05 });
  for (const signal of [left, right, reverb, chorus]) {
    for (let i = 0; i < signal.length; i++) {
      if (!Number.isFinite(signal[i])) throw new Error(`frame ${i} is ${signal[i]}`);
    }
  }
  return true;
}

/** Two instruments, a global zone, modulators, loops: a little of everything that a font can have. */
function smallFont(): Uint8Array {
  const sample: FontSample = { ...sineSample(441, 0.01), loop: [100, 300] };
  const zone: FontZone = {
    generators: [
      [43, 0x7f00],
      [8, 7000],
      [9, 100],
      [11, 2000],
      [5, 40],
      [26, -2000],
      [34, -3000],
      [36, 0],
      [37, 200],
      [54, 1],
    ],
    modulators: [
      { source: 0x0502, destination: 48, amount: 960 },
      { source: 0x0081, destination: 8, amount: -2400, transform: 2 },
    ],
    target: 0,
  };
  return makeFont({
    samples: [sample, constantSample(0.3, 400)],
    instruments: [
      [
        { generators: [[48, 20]] },
        zone,
        {
          generators: [
            [54, 3],
            [57, 1],
            [2, 10],
            [3, -10],
          ],
          target: 1,
        },
      ],
    ],
    presets: [
      { zones: [{ generators: [[51, 1]] }, { generators: [[17, -200]], target: 0 }] },
      { bank: 128, zones: [{ target: 0 }] },
    ],
  });
}

/** Flips bits, overwrites words with extremes, removes, doubles or cuts stretches: one to six times. */
function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const out = bytes.slice();
  const below = (limit: number) => Math.floor(random() * limit);
  const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff];
  for (let times = 1 + below(6); times > 0; times--) {
    const at = below(out.length - 4);
    switch (below(5)) {
      case 0:
        out[at]! ^= 1 << below(8);
        break;
      case 1: {
        const value = extremes[below(extremes.length)]!;
        out[at & ~1] = value & 0xff;
        out[(at & ~1) + 1] = value >> 8;
        break;
      }
      case 2:
        out.fill(below(2) * 255, at & ~1, (at & ~1) + 4);
        break;
      case 3:
        out.copyWithin(at, below(out.length), below(out.length));
        break;
      default:
        // The tables stand at the end of a font, where there is most to break.
        out[out.length - 1 - below(Math.min(out.length, 1200))] = below(256);
    }
  }
  return random() < 0.1 ? out.subarray(0, below(out.length)) : out;
}

describe('sound fonts from anywhere', () => {
  test('500 mutations of a small font are refused or sound finite', async () => {
    const random = seededRandom(3);
    const font = smallFont();
    let sounded = 0;
    for (let i = 0; i < 500; i++) {
      if (await survives(mutate(font, random))) sounded++;
    }
    // Both happen, or the test would test nothing.
    expect(sounded).toBeGreaterThan(100);
    expect(sounded).toBeLessThan(495);
  });

  test('400 mutations of a DLS bank are refused or sound finite', async () => {
    const random = seededRandom(4);
    const bank = await dls();
    expect(await survives(bank)).toBe(true);
    let sounded = 0;
    for (let i = 0; i < 400; i++) if (await survives(mutate(bank, random))) sounded++;
    expect(sounded).toBeGreaterThan(0);
  });

  test('modulators of extreme amounts on every destination sound finite', async () => {
    for (let destination = 0; destination <= 60; destination++) {
      for (const amount of [-32768, 32767]) {
        const modulators = [
          { source: 0x0002, destination, amount: amount & 0xffff },
          { source: 0x0281, destination, amount: amount & 0xffff, amountSource: 0x0010, transform: 2 },
        ];
        expect(await survives(simpleFont(sineSample(441, 0.01), [[54, 1]], modulators))).toBe(true);
      }
    }
  });

  test('nothing outside a sample is ever heard: neighbours at full scale stay silent', async () => {
    const loud: FontSample = { data: new Float32Array(3000).fill(1), rate: 44100, rootKey: 60, loop: [8, 2990] };
    const silent: FontSample = { data: new Float32Array(500), rate: 44100, rootKey: 60, loop: [100, 400] };
    const random = seededRandom(9);
    for (let i = 0; i < 150; i++) {
      const offset = () => Math.floor((random() - 0.5) * 65536) & 0xffff;
      const generators = [0, 1, 2, 3, 4, 12, 45, 50]
        .filter(() => random() < 0.5)
        .map((generator) => [generator, generator === 4 || generator >= 12 ? offset() & 0xf00f : offset()] as const);
      const font = makeFont({
        samples: [loud, silent, loud],
        instruments: [[{ generators: [[54, [0, 1, 3][i % 3]!], ...generators], target: 1 }]],
        presets: [{ zones: [{ target: 0 }] }],
      });
      const quality = (['draft', 'standard', 'high'] as const)[i % 3]!;
      const { left } = await play(font, [note(0, [0, 30, 60, 100, 127][i % 5]!, 0.1)], { seconds: 0.2, quality });
      expect(left.every((value) => value === 0)).toBe(true);
    }
  });

  test('a chunk that claims more than the file is refused, not read to its end', async () => {
    const font = smallFont();
    const at = Buffer.from(font).indexOf('INAM');
    new DataView(font.buffer, font.byteOffset).setUint32(at + 4, 0xf0000000, true);
    await expect(loadSoundFont(font)).rejects.toMatchObject({ code: 'soundfont-unreadable' });
  });

  test('tables that claim 10^8 zones in a few kilobytes are refused before they are made', async () => {
    const font = makeFont({
      samples: [sineSample(441, 0.01)],
      instruments: Array.from({ length: 4000 }, () => []),
      presets: [{ zones: [{ target: 0 }] }],
    });
    const at = Buffer.from(font).indexOf('inst', Buffer.from(font).indexOf('pdta')) + 8;
    const view = new DataView(font.buffer, font.byteOffset);
    for (let i = 1; i < 4000; i += 2) view.setUint16(at + i * 22 + 20, 0xffff, true);
    await expect(loadSoundFont(font)).rejects.toMatchObject({ code: 'soundfont-unreadable' });
  });

  test('10^6 zones are refused, or read as the few that 16-bit indices reach', async () => {
    await survives(manyZones(1_000_000));
  });
});

/** The font of {@link smallFont} as DLS. */
async function dls(): Promise<Uint8Array> {
  await BasicSoundBank.isSF3DecoderReady;
  const bytes = simpleFont({ ...sineSample(441, 0.01), loop: [100, 300] }, [
    [54, 1],
    [8, 8000],
  ]);
  const bank = SoundBankLoader.fromArrayBuffer(bytes.slice().buffer as ArrayBuffer);
  return new Uint8Array(await bank.writeDLS());
}

function manyZones(count: number): Uint8Array {
  const zone: FontZone = { generators: [], target: 0 };
  return makeFont({
    samples: [sineSample(441, 0.01)],
    instruments: [Array.from({ length: 1 }, () => zone)],
    presets: [{ zones: Array.from({ length: count }, () => zone) }],
  });
}
