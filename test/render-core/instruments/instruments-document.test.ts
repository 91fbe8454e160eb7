import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  catalogueFileSchema,
  FORMULA_LIMITS,
  FORMULA_NAMES,
  folderDefinitionSchema,
  INSTRUMENT_WARNING_CODES,
  openCatalogue,
} from '@musistrata/render-core';
import { z } from 'zod';
import { fontFile, silentFont } from './font-file.js';
import { sine, wavFile } from './wav-files.js';

const document = await readFile('docs/instruments.md', 'utf8');
const [catalogueJson, folderJson] = [...document.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json]) => json!);

describe('docs/instruments.md', () => {
  test('shows a catalogue that opens as it stands', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'document-'));
    try {
      const sample = wavFile([sine(440, 100)]);
      await mkdir(join(folder, 'prepared'));
      await mkdir(join(folder, 'kalimba'));
      await writeFile(join(folder, 'gm.sf2'), fontFile([['Piano', 0, 0]]));
      await writeFile(join(folder, 'catalogue.json'), catalogueJson!);
      await writeFile(join(folder, 'prepared/Prepared Piano_60.wav'), sample);
      await writeFile(join(folder, 'kalimba/kalimba.sfz'), '<region> sample=a.wav');
      const catalogue = await openCatalogue(
        { defaultSoundFont: join(folder, 'gm.sf2'), catalogueFiles: [join(folder, 'catalogue.json')] },
        silentFont,
      );
      const own = catalogue.list().instruments.filter(({ origin }) => origin === 'catalogue');
      expect(own.map(({ kind }) => kind)).toEqual(['formula', 'formula', 'layers', 'soundfont', 'samples', 'samples']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('shows an instrument.json that is valid', () => {
    expect(folderDefinitionSchema.parse(JSON.parse(folderJson!)).samples).toHaveLength(3);
  });

  test('explains every warning, and none that does not exist', () => {
    const rows = [...document.matchAll(/^\| `([a-z-]+-[a-z-]+)` /gm)].map(([, code]) => code!);
    expect(rows.sort()).toEqual([...INSTRUMENT_WARNING_CODES].sort());
  });

  test('names everything that formulas can use, and their limits', () => {
    const [, section] = document.split('## Formulas');
    const words = new Set(section!.match(/[a-z]+[0-9]*/g));
    for (const name of FORMULA_NAMES) expect(words).toContain(name);
    for (const limit of Object.values(FORMULA_LIMITS)) expect(section).toContain(`${limit} `);
  });

  test.each([
    ['catalogue', catalogueFileSchema],
    ['instrument', folderDefinitionSchema],
  ])('docs/%s.schema.json is the schema', async (name, schema) => {
    const written = JSON.parse(await readFile(`docs/${name}.schema.json`, 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))));
  });
});
