import { describe, expect, test } from '@jest/globals';
import { loadSoundFont } from '@musistrata/render-core';
import { BasicSoundBank, SoundBankLoader } from 'spessasynth_core';
import { bankOf, font, refusal } from './font-rules.js';
import { constantSample, makeFont } from './make-font.js';
import { parseWithSpessaSynth } from './oracles/spessasynth-bank.js';
import { listOf, parseRiff, type RiffNode, writeRiff } from './riff-tree.js';

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
