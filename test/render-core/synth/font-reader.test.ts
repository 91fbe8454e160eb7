import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadSoundFont, SoundFont } from '@musistrata/render-core';
import type { BankData, ZoneData } from '@musistrata/render-core/synth/bank/bank-data.js';
import { readParsedBank } from '@musistrata/render-core/synth/bank/read-parsed-bank.js';
import { kernelMemory } from '@musistrata/render-core/synth/kernel-memory.js';
import { seededRandom } from '../instruments/measure.js';
import { type FontDescription, type FontModulator, type FontZone, makeFont } from './make-font.js';
import { parseWithSpessaSynth } from './oracles/spessasynth-bank.js';
import { controller, note, play } from './play.js';

const TIM_GM = '/usr/share/sounds/sf2/TimGM6mb.sf2';
/** In the package that reads engraved scores: 1.35 MB of real instruments, for machines without TimGM6mb. */
const SONIVOX = join(dirname(fileURLToPath(import.meta.resolve('@coderline/alphatab'))), 'soundfont/sonivox.sf2');

const memory = kernelMemory();

/** What our reader has made of a font, in the shape of the oracle's. */
function describeBank(bank: BankData) {
  const zone = (data: ZoneData) => ({
    keys: [data.lowKey, data.highKey],
    velocities: [data.lowVelocity, data.highVelocity],
    generators: data.generators,
    modulators: data.modulators,
  });
  return {
    name: bank.name,
    samples: bank.samples.map(({ address, peak: _, ...sample }) => ({
      ...sample,
      recording: createHash('sha256').update(memory.int16(address, sample.frames)).digest('hex'),
    })),
    instruments: bank.instruments.map(({ global, zones }) => ({
      global: zone(global!),
      zones: zones.map((own) => ({ ...zone(own), sample: bank.regions[own.target]!.sample })),
    })),
    presets: bank.presets.map(({ global, zones, ...preset }) => ({
      ...preset,
      global: zone(global!),
      zones: zones.map((own) => ({ ...zone(own), instrument: own.target })),
    })),
  };
}

/** Both readings of a font, sounding: a note of every preset, all at once. */
async function bothWays(path: string) {
  const bytes = await readFile(path);
  const ours = await loadSoundFont(path);
  const { bank } = await readParsedBank(new Uint8Array(bytes), false, memory);
  const theirs = SoundFont.fromShared({ name: ours.name, identity: ours.identity, bank, memory: memory.memory });
  const events = ours.presets.flatMap(({ program, bank: number }, index) => [
    controller(index * 0.02, 0, number),
    { kind: 'program' as const, time: index * 0.02, program },
    note(index * 0.02, 36 + ((index * 7) % 60), 0.15, 40 + ((index * 13) % 88)),
  ]);
  const options = { seconds: 0.5 + ours.presets.length * 0.02, quality: 'high' as const };
  const sounds = await Promise.all([play(ours, events, options), play(theirs, events, options)]);
  return { ours, bytes, sounds };
}

describe('our reader and spessasynth_core’s', () => {
  const fonts = [SONIVOX, ...(process.env.CI === 'true' || existsSync(TIM_GM) ? [TIM_GM] : [])];

  test.each(fonts)('say the same of %s, and play the same bytes', async (path) => {
    const { ours, bytes, sounds } = await bothWays(path);
    expect(describeBank(ours.share().bank)).toEqual(await parseWithSpessaSynth(bytes));
    const [own, other] = sounds;
    expect(own.left.some((value) => value !== 0)).toBe(true);
    for (const bus of ['left', 'right', 'reverb', 'chorus'] as const)
      expect(Buffer.compare(Buffer.from(own[bus].buffer), Buffer.from(other[bus].buffer))).toBe(0);
  });

  test('say the same of 60 fonts with anything in them that a font may have', async () => {
    const random = seededRandom(11);
    for (let round = 0; round < 60; round++) {
      const bytes = makeFont(randomFont(random));
      const font = await loadSoundFont(bytes);
      expect(describeBank(font.share().bank)).toEqual(await parseWithSpessaSynth(bytes));
    }
  });
});

/** Valid by SF2.04 7 in everything. */
function randomFont(random: () => number): FontDescription {
  const below = (limit: number) => Math.floor(random() * limit);
  const samples = Array.from({ length: 1 + below(4) }, (_, index) => {
    const frames = 60 + below(500);
    const start = 8 + below(frames - 50);
    return {
      name: `sample ${index} `.repeat(1 + below(3)),
      data: Float32Array.from({ length: frames }, () => random() * 2 - 1),
      rate: 8000 + below(60_000),
      rootKey: [below(128), 255, 200][below(6)] ?? 64,
      correction: below(256),
      loop: [start, start + 32 + below(frames - start - 40)] as const,
    };
  });
  const values = [0, 1, 2, 5, 8, 9, 11, 13, 15, 17, 21, 26, 34, 36, 37, 38, 45, 48, 51, 52, 54, 56, 57, 58];
  const zone = (target: number | undefined): FontZone => {
    const range = () => {
      const low = below(100);
      return low | ((low + below(28)) << 8);
    };
    const generators: [number, number][] = [];
    if (random() < 0.5) generators.push([43, range()]);
    if (random() < 0.3) generators.push([44, range()]);
    for (const value of values) if (random() < 0.2) generators.push([value, below(65_536)]);
    const modulators = new Map<string, FontModulator>();
    for (let count = below(4); count > 0; count--) {
      const modulator: FontModulator = {
        source: [0x0502, 0x0081, 0x020e, 0x0a8a, 0x007f][below(5)]!,
        destination: [5, 8, 48, 17][below(4)]!,
        amount: below(65_536),
        amountSource: [0, 0x10, 0x8b][below(3)]!,
        transform: below(2) * 2,
      };
      modulators.set(
        `${modulator.source} ${modulator.destination} ${modulator.amountSource} ${modulator.transform}`,
        modulator,
      );
    }
    return { generators, modulators: [...modulators.values()], ...(target === undefined ? {} : { target }) };
  };
  const zones = (targets: number) => [
    ...(random() < 0.4 ? [zone(undefined)] : []),
    ...Array.from({ length: 1 + below(5) }, () => zone(below(targets))),
  ];
  const instruments = Array.from({ length: 1 + below(4) }, () => zones(samples.length));
  const presets = Array.from({ length: 1 + below(6) }, () => ({
    program: below(128),
    bank: [0, 8, 128, 0x100, 127][below(5)]!,
    zones: zones(instruments.length),
  }));
  return { samples, instruments, presets };
}

describe('files', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fonts-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test('a file is the same font as its bytes, and read once as long as it does not change', async () => {
    const path = join(folder, 'a.sf2');
    const random = seededRandom(5);
    const [one, other] = [makeFont(randomFont(random)), makeFont(randomFont(random))];
    await writeFile(path, one);
    const font = await loadSoundFont(path, 'a');
    expect(await loadSoundFont(path, 'a')).toBe(font);
    expect(await loadSoundFont(one, 'a')).toBe(font);
    await rm(path);
    await writeFile(path, other);
    const changed = await loadSoundFont(path, 'a');
    expect(changed).not.toBe(font);
    expect(changed.identity).toBe((await loadSoundFont(other)).identity);
    expect(describeBank(changed.share().bank)).toEqual(await parseWithSpessaSynth(other));
  });
});
