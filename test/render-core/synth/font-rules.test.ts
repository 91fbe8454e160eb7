import { describe, expect, test } from '@jest/globals';
import { loadSoundFont, SoundFontError } from '@musistrata/render-core';
import type { ZoneData } from '@musistrata/render-core/synth/bank/bank-data.js';
import { BasicSoundBank, SoundBankLoader } from 'spessasynth_core';
import { constantSample, type FontZone, makeFont, sineSample } from './make-font.js';
import { parseWithSpessaSynth } from './oracles/spessasynth-bank.js';
import { note, play } from './play.js';
import { changeTable, chunkOf, listOf, parseRiff, type RiffNode, writeRiff } from './riff-tree.js';

const range = (low: number, high: number) => low | (high << 8);

/** Two presets, two instruments, two samples, one zone each. */
function font(zone: Partial<FontZone> = {}): Uint8Array {
  return makeFont({
    samples: [constantSample(0.5), sineSample(441, 0.02)],
    instruments: [[{ target: 0, ...zone }], [{ target: 1 }]],
    presets: [
      { program: 5, zones: [{ target: 0 }] },
      { program: 2, zones: [{ target: 1 }] },
    ],
  });
}

const bankOf = async (bytes: Uint8Array) => (await loadSoundFont(bytes)).share().bank;

async function refusal(bytes: Uint8Array): Promise<string> {
  const error = await loadSoundFont(bytes).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SoundFontError);
  return (error as SoundFontError).code;
}

describe('tables that SF2.04 7 wants rejected', () => {
  const tables = ['phdr', 'pbag', 'pmod', 'pgen', 'inst', 'ibag', 'imod', 'igen', 'shdr'];

  test.each(tables)('%s is missing, or cut inside a record', async (table) => {
    const root = parseRiff(font());
    const hydra = listOf(root, 'pdta');
    hydra.children = hydra.children.filter(({ id }) => id !== table);
    expect(await refusal(writeRiff(root))).toBe('soundfont-unreadable');
    expect(await refusal(changeTable(font(), table, (_, bytes) => bytes.subarray(0, bytes.length - 2)))).toBe(
      'soundfont-unreadable',
    );
  });

  /** Table, offset of the index in its second record of three. */
  const indices = [
    ['phdr', 38 + 24],
    ['pbag', 4],
    ['inst', 22 + 20],
    ['ibag', 4],
  ] as const;

  test.each(indices)('the indices of %s fall', async (table, at) => {
    const bytes = changeTable(font(), table, (view) => {
      view.setUint16(at, 500, true);
      return undefined;
    });
    expect(await refusal(bytes)).toBe('soundfont-unreadable');
  });

  test.each([
    ['phdr', 38],
    ['inst', 22],
    ['pbag', 4],
    ['ibag', 4],
  ] as const)('the indices of %s do not end where the next table does', async (table, record) => {
    const bytes = changeTable(font(), table, (view) => {
      const at = view.byteLength - (record === 38 ? 14 : record === 22 ? 2 : 4);
      view.setUint16(at, view.getUint16(at, true) + 3, true);
      return undefined;
    });
    expect(await refusal(bytes)).toBe('soundfont-unreadable');
  });

  test('7.5, 7.9: a zone names an instrument or a sample that is not there', async () => {
    for (const table of ['pgen', 'igen']) {
      const bytes = changeTable(font(), table, (view) => {
        view.setUint16(2, 2, true);
        return undefined;
      });
      expect(await refusal(bytes)).toBe('soundfont-unreadable');
    }
  });

  test('7.2: there are no presets, or none with a zone', async () => {
    expect(await refusal(changeTable(font(), 'phdr', (_, bytes) => bytes.subarray(0, 38)))).toBe('soundfont-empty');
    const empty = makeFont({ samples: [constantSample()], instruments: [[{ target: 0 }]], presets: [{ zones: [] }] });
    expect(await refusal(empty)).toBe('soundfont-empty');
  });

  test('7.10: a sample is in a ROM that INFO does not name; when it does, the sample is silent', async () => {
    const root = parseRiff(
      changeTable(font(), 'shdr', (view) => {
        view.setUint16(44, 0x8001, true);
        return undefined;
      }),
    );
    expect(await refusal(writeRiff(root))).toBe('soundfont-unreadable');
    listOf(root, 'INFO').children.push({ id: 'irom', data: Buffer.from('1MGM\0\0') });
    const { samples } = await bankOf(writeRiff(root));
    expect(samples.map(({ frames }) => frames)).toEqual([0, 882]);
  });
});

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

/** Length of a record and where its indices stand, in bytes. */
const INDICES = new Map<string, readonly [bytes: number, at: readonly number[]]>([
  ['phdr', [38, [24]]],
  ['inst', [22, [20]]],
  ['shdr', [46, []]],
  ['pbag', [4, [0, 2]]],
  ['ibag', [4, [0, 2]]],
]);

describe('beyond SF2.04', () => {
  /** What the "SF2 Extended Limits" proposal puts beside the tables: second halves of names, upper halves of indices. */
  function extension(
    root: RiffNode,
    names: string,
    upper: (table: string, record: number, at: number) => number,
  ): RiffNode {
    const children = listOf(root, 'pdta').children.map((node): RiffNode => {
      const data = new Uint8Array((node as { data: Uint8Array }).data.length);
      const view = new DataView(data.buffer);
      const [bytes, at] = INDICES.get(node.id) ?? [0, []];
      if (bytes === 0) return { id: node.id, data: data.subarray(0, node.id.endsWith('mod') ? 10 : 4) };
      for (let record = 0; record * bytes < data.length; record++) {
        if (bytes > 4) data.set(Buffer.from(names), record * bytes);
        for (const place of at) view.setUint16(record * bytes + place, upper(node.id, record, place), true);
      }
      return { id: node.id, data };
    });
    return { id: 'LIST', kind: 'xdta', children };
  }

  test('long names, and more than 65535 generators and zones', async () => {
    // 30,000 zones of three generators: written with the lower halves of their indices.
    const zones = Array.from({ length: 30_000 }, (_, index) => ({
      generators: [
        [17, index % 500],
        [48, 10],
      ] as const,
      target: 0,
    }));
    const bytes = makeFont({
      samples: [constantSample(0.5, 100)],
      instruments: [zones.slice(0, 29_999), zones.slice(29_999)],
      presets: [{ zones: [{ target: 1 }] }],
    });
    const root = parseRiff(bytes);
    // Three generators each, the sample among them.
    const generatorsBefore = (zone: number) => Math.floor((zone * 3) / 65536);
    const xdta = extension(root, ' and its second half', (table, record, at) =>
      table === 'ibag' && at === 0 ? generatorsBefore(record) : 0,
    );
    expect(await refusal(bytes)).toBe('soundfont-unreadable');
    listOf(root, 'INFO').children.push(xdta);
    const bank = await bankOf(writeRiff(root));
    expect(bank.presets[0]!.name).toBe('preset 0 and its second half');
    expect(bank.samples[0]!.name).toBe('sample 0 and its second half');
    expect(bank.instruments.map((instrument) => instrument.zones.length)).toEqual([29_999, 1]);
    expect(bank.instruments[1]!.zones[0]!.generators).toEqual([
      [17, 29_999 % 500],
      [48, 10],
    ]);
    expect(bank.instruments[0]!.zones[25_000]!.generators).toEqual([
      [17, 0],
      [48, 10],
    ]);
  });

  test('an extension that does not match is left out of account', async () => {
    const root = parseRiff(font());
    const xdta = extension(root, ' long', () => 0) as { id: string; kind: string; children: RiffNode[] };
    listOf(root, 'INFO').children.push(xdta);
    expect((await bankOf(writeRiff(root))).presets[0]!.name).toBe('preset 1 long');
    for (const node of xdta.children) if (node.id === 'inst') Object.assign(node, { data: new Uint8Array(22) });
    expect((await bankOf(writeRiff(root))).presets[0]!.name).toBe('preset 1');
  });

  test('RIFF with sizes of 64 bits', async () => {
    const root = parseRiff(font({ generators: [[17, 100]] }));
    expect(await said(writeRiff(root, { wide: true }))).toEqual(await said(writeRiff(root)));
    expect(await parseWithSpessaSynth(writeRiff(root, { wide: true }))).toMatchObject({ name: 'test' });
  });

  async function said(bytes: Uint8Array) {
    const { name, presets, instruments, samples } = await bankOf(bytes);
    return { name, presets, instruments, peaks: samples.map(({ peak }) => peak) };
  }

  test('default modulators of INFO take the place of the usual ones', async () => {
    const root = parseRiff(font());
    const record = Buffer.alloc(20);
    [0x0081, 6, 70, 0, 0].forEach((word, at) => {
      record.writeUInt16LE(word, 2 * at);
    });
    listOf(root, 'INFO').children.push({ id: 'DMOD', data: record });
    expect((await bankOf(writeRiff(root))).defaultModulators).toEqual([
      { source: 0x0081, amountSource: 0, destination: 6, amount: 70, transform: 0 },
    ]);
  });

  test('a DLS instrument whose INFO has no name', async () => {
    await BasicSoundBank.isSF3DecoderReady;
    const bank = SoundBankLoader.fromArrayBuffer(new Uint8Array(font()).buffer);
    const dls = Buffer.from(await bank.writeDLS());
    const whole = await loadSoundFont(dls);
    // The name of the first instrument, not of the file.
    const at = dls.indexOf('INAM', dls.indexOf('ins '));
    dls.write('ICMT', at, 'latin1');
    const nameless = await loadSoundFont(dls);
    expect(nameless.presets.map(({ program }) => program)).toEqual(whole.presets.map(({ program }) => program));
    expect(nameless.presets[0]!.name).not.toBe(whole.presets[0]!.name);
  });
});
