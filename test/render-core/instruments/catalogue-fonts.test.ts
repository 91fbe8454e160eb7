import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadSoundFont, openCatalogue, readFontPresets } from '@musistrata/render-core';
import { DRUMS, files, GM, server, tone, wants } from './catalogue-rig.js';
import { dlsFile, fontFile, silentFont } from './font-file.js';
import { seededRandom } from './measure.js';
import { scoreOf } from './rig.js';
import { sine, wavFile } from './wav-files.js';

describe('sound fonts', () => {
  test('are listed from their headers, SF2 and DLS alike', async () => {
    const folder = await files({
      'a.sf2': fontFile([
        ['Piano', 0, 0],
        ['Odd', 3, 7],
        ['Kit', 128, 0],
      ]),
      'b.dls': dlsFile([
        ['Piano', 0, 0],
        ['Odd', 0x300, 7],
        ['Kit', 0x80000000, 0],
      ]),
    });
    const expected = [
      { name: 'Piano', bank: 0, program: 0, percussion: false },
      { name: 'Odd', bank: 3, program: 7, percussion: false },
      { name: 'Kit', bank: 0, program: 0, percussion: true },
    ];
    expect(await readFontPresets(join(folder, 'a.sf2'), 'a')).toEqual(expected);
    expect(await readFontPresets(join(folder, 'b.dls'), 'b')).toEqual(expected);
  });

  test('the headers of a real font say the same as its synthesizer', async () => {
    const sonivox = join(dirname(fileURLToPath(import.meta.resolve('@coderline/alphatab'))), 'soundfont/sonivox.sf2');
    const presets = await readFontPresets(sonivox, 'sonivox');
    const loaded = await loadSoundFont(sonivox);
    const rows = (list: readonly { name: string; bank: number; program: number; percussion: boolean }[]) =>
      list
        .map(({ name, bank, program, percussion }) => `${percussion ? 'kit' : bank} ${program} ${name.trim()}`)
        .sort();
    expect(rows(presets)).toEqual(rows(loaded.presets));
    const catalogue = await openCatalogue({ defaultSoundFont: sonivox });
    const { parts } = await catalogue.resolve(scoreOf(wants('Violin')));
    expect(parts[0]!.source!.identity).toBe(loaded.identity);
  });

  test('fonts of system folders are offered where names are free; broken ones are problems, not failures', async () => {
    const system = await files({
      'deep/er/Strange.sf3': fontFile([['Other', 0, 1]]),
      'Extra.SF2': fontFile([['Extra Preset', 0, 1]]),
      'broken.sf2': 'RIFF',
      'cut.sf2': fontFile([['x', 0, 0]]).subarray(0, 150),
    });
    const catalogue = await server({}, { systemFolders: [system, '/does/not/exist'] });
    const { soundFonts } = catalogue.list();
    expect(soundFonts.map(({ name }) => name)).toEqual(['Tiny GM', 'Strange', 'Extra']);
    expect(soundFonts.map((font) => font.default)).toEqual([true, false, false]);
    expect(soundFonts[1]!.presets).toHaveLength(3);
    expect(catalogue.problems).toHaveLength(2);
  });

  test('the default font may be one of the folder, and comes first there', async () => {
    const folder = await files({ 'A.sf2': fontFile([['Gong', 0, 1]]), 'B.sf2': fontFile([['Gong', 0, 2]]) });
    const config = { soundFontFolder: folder, defaultSoundFont: join(folder, 'B.sf2') };
    const catalogue = await openCatalogue(config, silentFont);
    expect(catalogue.list().soundFonts).toMatchObject([
      { name: 'B', default: true },
      { name: 'A', default: false },
    ]);
    expect((await catalogue.resolve(scoreOf(wants('Gong')))).parts[0]!.preset!.program).toBe(2);
  });

  test('two fonts of one name collide', async () => {
    const content = { 'fonts/strange.sf3': fontFile([['x', 0, 0]]) };
    await expect(server(content)).rejects.toMatchObject({ code: 'instrument-collision' });
  });

  test('a default font that cannot be used is an error', async () => {
    await expect(openCatalogue({ defaultSoundFont: '/nowhere.sf2' })).rejects.toMatchObject({
      code: 'invalid-sound-font',
    });
  });

  test('any damage to a font is found or harmless', async () => {
    const random = seededRandom(3);
    const whole = fontFile([...GM.slice(0, 5), ...DRUMS]);
    const folder = await files({});
    for (let round = 0; round < 200; round++) {
      const bytes = Buffer.from(whole.subarray(0, random() < 0.5 ? Math.floor(random() * whole.length) : whole.length));
      for (let hit = 0; hit < 4 && bytes.length > 0; hit++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      await writeFile(join(folder, 'x.sf2'), bytes);
      const presets = await readFontPresets(join(folder, 'x.sf2'), 'x').catch((error: unknown) => {
        expect(error).toHaveProperty('code', 'invalid-sound-font');
        return [];
      });
      expect(presets.length).toBeLessThan(2000);
    }
  });
});

describe('identity', () => {
  test('follows what is played, not what it is called', async () => {
    const content = { 'samples/Bell/Bell_60.wav': tone };
    const [one, two] = [await server(content), await server({ ...content, 'fonts/More.sf2': fontFile([['m', 0, 0]]) })];
    const identity = (name: string) => one.identity(scoreOf(wants(name)));
    expect(await identity('Violin')).toBe(await two.identity(scoreOf(wants('violin'))));
    expect(await identity('Bell')).toBe(await two.identity(scoreOf(wants('bell'))));
    const all = ['Violin', 'Viola', 'Bell', 'Default_Synth', 'test_synth', 'Gong Choir', 'Jazz Kit'];
    const digests = await Promise.all(all.map(identity));
    expect(new Set(digests).size).toBe(all.length);
    const changed = await server({ 'samples/Bell/Bell_60.wav': wavFile([sine(441, 4410)]) });
    expect(await changed.identity(scoreOf(wants('Bell')))).not.toBe(await identity('Bell'));
  });
});
