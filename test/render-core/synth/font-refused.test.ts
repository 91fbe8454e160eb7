import { describe, expect, test } from '@jest/globals';
import { bankOf, font, refusal } from './font-rules.js';
import { constantSample, makeFont } from './make-font.js';
import { changeTable, listOf, parseRiff, writeRiff } from './riff-tree.js';

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
