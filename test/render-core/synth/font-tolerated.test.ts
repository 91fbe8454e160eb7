import { describe, expect, test } from '@jest/globals';
import { loadSoundFont } from '@musistrata/render-core';
import type { ZoneData } from '@musistrata/render-core/synth/bank/bank-data.js';
import { bankOf, font, range } from './font-rules.js';
import { constantSample, type FontZone, makeFont } from './make-font.js';
import { note, play } from './play.js';
import { changeTable, chunkOf, listOf, parseRiff, writeRiff } from './riff-tree.js';

describe('what SF2.04 7 wants ignored, or is read all the same', () => {
  test.each(['pmod', 'pgen', 'imod', 'igen'])('%s without its terminal record', async (table) => {
    const without = changeTable(font(), table, (_, bytes) =>
      bytes.subarray(0, bytes.length - (table.endsWith('mod') ? 10 : 4)),
    );
    expect(await bankOf(without)).toMatchObject({ presets: [{ program: 2 }, { program: 5 }] });
  });

  /** The zones of an instrument that is written as given, word by word. */
  async function zonesOf(zones: readonly FontZone[]): Promise<{ global: ZoneData | null; zones: readonly ZoneData[] }> {
    const bytes = makeFont({
      samples: [constantSample()],
      instruments: [zones],
      presets: [{ zones: [{ target: 0 }] }],
    });
    return (await bankOf(bytes)).instruments[0]!;
  }

  test('7.7: a zone that names nothing is global when it is the first, and ignored after it', async () => {
    const { global, zones } = await zonesOf([
      { generators: [[17, 100]] },
      { generators: [[17, 200]] },
      { generators: [[48, 50]], target: 0 },
      { generators: [[17, 300]] },
    ]);
    expect(global!.generators).toEqual([[17, 100]]);
    expect(zones.map(({ generators }) => generators)).toEqual([[[48, 50]]]);
    const late = await zonesOf([{ generators: [[48, 50]], target: 0 }, { generators: [[17, 300]] }]);
    expect(late.global!.generators).toEqual([]);
  });

  test('7.3: a preset without zones', async () => {
    const bytes = makeFont({
      samples: [constantSample()],
      instruments: [[{ target: 0 }]],
      presets: [
        { program: 1, zones: [] },
        { program: 2, zones: [{ target: 0 }] },
        { program: 3, zones: [] },
      ],
    });
    expect((await loadSoundFont(bytes)).presets).toMatchObject([{ program: 2 }]);
  });

  test('7.9: ranges in the wrong place, and generators after the sample', async () => {
    const first = await zonesOf([
      {
        generators: [
          [43, range(10, 20)],
          [44, range(30, 40)],
        ],
        target: 0,
      },
    ]);
    expect(first.zones[0]).toMatchObject({ lowKey: 10, highKey: 20, lowVelocity: 30, highVelocity: 40 });
    const swapped = await zonesOf([
      {
        generators: [
          [44, range(30, 40)],
          [43, range(10, 20)],
        ],
        target: 0,
      },
    ]);
    expect(swapped.zones[0]).toMatchObject({ lowKey: 0, highKey: 127, lowVelocity: 30, highVelocity: 40 });
    const late = await zonesOf([
      {
        generators: [
          [17, 1],
          [44, range(30, 40)],
        ],
        target: 0,
      },
    ]);
    expect(late.zones[0]).toMatchObject({ lowVelocity: 0, highVelocity: 127 });
    const after = await zonesOf([
      {
        generators: [
          [17, 1],
          [53, 0],
          [17, 2],
          [48, 3],
        ],
      },
    ]);
    expect(after.zones[0]!.generators).toEqual([[17, 1]]);
  });

  test('7.9, 7.8: of two equal generators or modulators the later counts', async () => {
    const modulator = { source: 0x0081, destination: 8 };
    const { zones } = await zonesOf([
      {
        generators: [
          [17, 1],
          [48, 2],
          [17, 3],
        ],
        modulators: [
          { ...modulator, amount: 10 },
          { ...modulator, destination: 5, amount: 20 },
          { ...modulator, amount: 30 },
        ],
        target: 0,
      },
    ]);
    expect(zones[0]!.generators).toEqual([
      [48, 2],
      [17, 3],
    ]);
    expect(zones[0]!.modulators.map(({ amount }) => amount)).toEqual([20, 30]);
  });

  test('7.9, 9.5.2: unknown generators; modulators that are linked or have undefined operators', async () => {
    const amount = 100;
    const { zones } = await zonesOf([
      {
        generators: [
          [99, 1],
          [41, 0],
          [0x8000, 2],
          [17, 3],
        ],
        modulators: [
          { source: 0x0081, destination: 0x8000, amount },
          { source: 0x007f, destination: 8, amount },
          { source: 0x1081, destination: 8, amount },
          { source: 0x0081, destination: 8, amount, amountSource: 0x007f },
          { source: 0x0081, destination: 8, amount, transform: 1 },
          { source: 0x0081, destination: 9, amount },
        ],
        target: 0,
      },
    ]);
    expect(zones[0]!.generators).toEqual([[17, 3]]);
    expect(zones[0]!.modulators.map(({ destination }) => destination)).toEqual([9]);
  });

  test('7.10: addresses outside of the samples', async () => {
    const bytes = changeTable(font(), 'shdr', (view) => {
      view.setUint32(24, 0xffffffff, true);
      view.setUint32(46 + 20, 0x7fffffff, true);
      return undefined;
    });
    const { samples } = await bankOf(bytes);
    // From 0 to the end of all, 1000 + 46 + 882 + 46 frames; and nothing.
    expect(samples.map(({ frames }) => frames)).toEqual([1974, 0]);
    expect((await play(bytes, [note(0, 60, 0.1)], { seconds: 0.2 })).left.every(Number.isFinite)).toBe(true);
  });

  test('7.10: pitches that are none are 60, rates that are none are usual or the nearest practical', async () => {
    const bytes = changeTable(font(), 'shdr', (view) => {
      view.setUint32(36, 0, true);
      view.setUint8(40, 255);
      view.setUint32(46 + 36, 0xffffffff, true);
      view.setUint8(46 + 40, 128);
      return undefined;
    });
    const { samples } = await bankOf(bytes);
    expect(samples).toMatchObject([
      { sampleRate: 44_100, rootKey: 60 },
      { sampleRate: 192_000, rootKey: 60 },
    ]);
  });

  test('3.1: a chunk of odd length with and without the byte after it', async () => {
    const root = parseRiff(font());
    chunkOf(root, 'sdta', 'smpl').data = chunkOf(root, 'sdta', 'smpl').data.slice(0, -1);
    listOf(root, 'INFO').children.splice(1, 0, { id: 'ICMT', data: Buffer.from('odd') });
    for (const unpadded of [false, true]) {
      const bank = await bankOf(writeRiff(root, { unpadded }));
      expect(bank).toMatchObject({ name: 'test', samples: [{ frames: 1000 }, { frames: 882 }] });
    }
  });

  test('6.1: samples without silence after them do not sound into each other', async () => {
    const samples = [constantSample(0.9, 300), { ...constantSample(0, 300) }, constantSample(0.9, 300)];
    const bytes = makeFont({
      samples,
      gap: 0,
      instruments: [[{ target: 1 }]],
      presets: [{ zones: [{ target: 0 }] }],
    });
    const { left } = await play(bytes, [note(0, 67, 0.1)], { seconds: 0.1, quality: 'high' });
    expect(left.every((value) => value === 0)).toBe(true);
  });
});
