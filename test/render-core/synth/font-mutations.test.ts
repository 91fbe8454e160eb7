import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InstrumentError, loadSoundFont, readFontPresets, SoundFontError } from '@musistrata/render-core';
import { kernelMemory } from '@musistrata/render-core/synth/kernel-memory.js';
import { BasicSoundBank, SoundBankLoader } from 'spessasynth_core';
import { seededRandom } from '../instruments/measure.js';
import { constantSample, makeFont, sineSample } from './make-font.js';
import { note, play } from './play.js';
import { chunkOf, parseRiff, writeRiff } from './riff-tree.js';

/** A little of everything: global zones, modulators, loops, a kit, two samples. */
function plainFont(): Uint8Array {
  return makeFont({
    samples: [{ ...sineSample(441, 0.01), loop: [100, 300] }, constantSample(0.3, 400)],
    instruments: [
      [
        { generators: [[48, 20]], modulators: [{ source: 0x0502, destination: 48, amount: 960 }] },
        {
          generators: [
            [43, 0x5000],
            [8, 7000],
            [54, 1],
            [2, 10],
          ],
          target: 0,
        },
        {
          generators: [
            [44, 0x7f40],
            [54, 3],
          ],
          modulators: [{ source: 0x0081, destination: 8, amount: 100 }],
          target: 1,
        },
      ],
      [{ target: 1 }],
    ],
    presets: [
      { zones: [{ generators: [[51, 1]] }, { generators: [[17, 20]], target: 0 }] },
      { bank: 128, zones: [{ target: 1 }, { target: 0 }] },
    ],
  });
}

async function parsed(): Promise<BasicSoundBank> {
  await BasicSoundBank.isSF3DecoderReady;
  return SoundBankLoader.fromArrayBuffer(new Uint8Array(plainFont()).buffer);
}

/** The font with its samples as Ogg Vorbis. */
async function compressedFont(): Promise<Uint8Array> {
  const { createOggEncoder } = createRequire(import.meta.url)(
    'wasm-media-encoders',
  ) as typeof import('wasm-media-encoders');
  const encoder = await createOggEncoder();
  const bank = await parsed();
  for (const sample of bank.samples) {
    await sample.compressSample((audio, sampleRate) => {
      encoder.configure({ channels: 1, sampleRate, vbrQuality: 3 });
      const first = encoder.encode([audio]).slice();
      return Promise.resolve(new Uint8Array(Buffer.concat([first, encoder.finalize()])));
    });
  }
  return new Uint8Array(await bank.writeSF2());
}

/** Where sizes of chunks stand, and where tables begin and end. */
function chunksOf(bytes: Uint8Array): { size: number; start: number; end: number }[] {
  const buffer = Buffer.from(bytes);
  const found: { size: number; start: number; end: number }[] = [];
  const visit = (from: number, to: number) => {
    for (let at = from; at + 8 <= to; ) {
      const length = buffer.readUInt32LE(at + 4);
      found.push({ size: at + 4, start: at + 8, end: at + 8 + length });
      if (['RIFF', 'LIST'].includes(buffer.toString('latin1', at, at + 4))) visit(at + 12, at + 8 + length);
      at += 8 + length + (length % 2);
    }
  };
  visit(0, bytes.length);
  return found;
}

/** Flips bits, writes extremes over words, lies about lengths of chunks, takes records away or doubles them, cuts the end off. */
function mutate(bytes: Uint8Array, chunks: ReturnType<typeof chunksOf>, random: () => number): Uint8Array {
  const out = Buffer.from(bytes);
  const below = (limit: number) => Math.floor(random() * limit);
  const extremes = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xfffe, 0xffff];
  for (let times = 1 + below(3); times > 0; times--) {
    const chunk = chunks[below(chunks.length)]!;
    const inside = Math.min(out.length - 4, chunk.start + below(Math.min(400, chunk.end - chunk.start)));
    switch (below(6)) {
      case 0:
        out[inside]! ^= 1 << below(8);
        break;
      case 1:
        out.writeUInt16LE(extremes[below(extremes.length)]!, inside & ~1);
        break;
      case 2: {
        const lies = [0, 1, 7, out.length, 0x7fffffff, 0xfffffff8, 0xffffffff, below(5000)];
        out.writeUInt32LE(lies[below(lies.length)]!, chunk.size);
        break;
      }
      case 3: {
        // The table claims some records more or fewer than there are.
        const records = [4, 10, 22, 38, 46][below(5)]! * (below(5) - 2);
        out.writeUInt32LE(Math.max(0, out.readUInt32LE(chunk.size) + records), chunk.size);
        break;
      }
      case 4: {
        const length = 2 * below(30);
        out.copyWithin(inside & ~1, Math.min(out.length, (inside & ~1) + length));
        break;
      }
      default:
        out.writeUInt32LE(below(2 ** 32), Math.min(inside, out.length - 4));
    }
  }
  return new Uint8Array(random() < 0.1 ? out.subarray(0, below(out.length)) : out);
}

/** Loads a font. Null when it is refused as it should be. */
async function load(bytes: Uint8Array) {
  try {
    return await loadSoundFont(bytes);
  } catch (error) {
    if (!(error instanceof SoundFontError)) throw error;
    return null;
  }
}

async function sounds(font: NonNullable<Awaited<ReturnType<typeof load>>>): Promise<void> {
  const { left, right } = await play(font, [note(0, 60, 0.02), note(0.005, 100, 0.01, 20)], { seconds: 0.03 });
  expect(left.every(Number.isFinite) && right.every(Number.isFinite)).toBe(true);
}

describe('damaged fonts', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fonts-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  /** What the API lists without loading a sample. Null when the font is refused as it should be. */
  async function list(bytes: Uint8Array) {
    const path = join(folder, 'font');
    await writeFile(path, bytes);
    try {
      return await readFontPresets(path, 'font');
    } catch (error) {
      if (!(error instanceof InstrumentError) || error.code !== 'invalid-sound-font') throw error;
      return null;
    }
  }

  test('4000 mutations of a plain font: refused, or finite, and listed as they are loaded', async () => {
    const random = seededRandom(21);
    const whole = plainFont();
    const chunks = chunksOf(whole);
    let loaded = 0;
    for (let round = 0; round < 4000; round++) {
      const bytes = mutate(whole, chunks, random);
      const font = await load(bytes);
      if (font !== null) loaded++;
      if (round % 8 !== 0) continue;
      if (font !== null) await sounds(font);
      const listed = await list(bytes);
      // What is listed can still turn out to name an instrument that is not there.
      if (font !== null) expect(listed).toHaveLength(font.presets.length);
    }
    expect(loaded).toBeGreaterThan(400);
    expect(loaded).toBeLessThan(3600);
  });

  test('500 mutations of a compressed font', async () => {
    const random = seededRandom(22);
    const whole = await compressedFont();
    expect(Buffer.from(whole).includes('OggS')).toBe(true);
    await sounds((await load(whole))!);
    const chunks = chunksOf(whole);
    let loaded = 0;
    for (let round = 0; round < 500; round++) {
      const bytes = mutate(whole, chunks, random);
      const font = await load(bytes);
      const listed = await list(bytes);
      if (font === null) continue;
      loaded++;
      if (round % 4 === 0) await sounds(font);
      expect(listed).not.toBeNull();
    }
    expect(loaded).toBeGreaterThan(50);
    expect(loaded).toBeLessThan(450);
  });

  test('1000 mutations of a DLS bank are listed or refused', async () => {
    const random = seededRandom(23);
    const whole = new Uint8Array(await (await parsed()).writeDLS());
    const chunks = chunksOf(whole);
    expect(await list(whole)).toHaveLength(2);
    let listed = 0;
    for (let round = 0; round < 1000; round++) if ((await list(mutate(whole, chunks, random))) !== null) listed++;
    expect(listed).toBeGreaterThan(100);
    expect(listed).toBeLessThan(1000);
  });

  test('memory that was taken for a font is given back when it is refused after all', async () => {
    const root = parseRiff(
      makeFont({
        samples: [constantSample(0.5, 500_000)],
        instruments: [[{ target: 0 }]],
        presets: [{ zones: [{ target: 0 }] }],
      }),
    );
    const generators = chunkOf(root, 'pdta', 'igen').data;
    new DataView(generators.buffer, generators.byteOffset).setUint16(2, 9, true);
    const bytes = writeRiff(root);
    expect(await load(bytes)).toBeNull();
    const { memory } = kernelMemory();
    const before = memory.buffer.byteLength;
    for (let round = 0; round < 50; round++) expect(await load(bytes)).toBeNull();
    expect(memory.buffer.byteLength).toBe(before);
  });
});
