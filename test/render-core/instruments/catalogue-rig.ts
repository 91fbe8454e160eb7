import { join } from 'node:path';
import {
  type CatalogueConfig,
  GENERAL_MIDI_PROGRAMS,
  type InstrumentName,
  type InstrumentOptions,
  openCatalogue,
  type Part,
} from '@musistrata/render-core';
import { fontFile, type PresetRow, silentFont } from './font-file.js';
import { note, part, scoreOf } from './rig.js';
import { useFolders } from './test-folders.js';
import { sine, wavFile } from './wav-files.js';

/** Makes folders that are gone when the importing suite ends. */
export const files = useFolders();

export const GM: PresetRow[] = GENERAL_MIDI_PROGRAMS.map((name, program) => [`gm ${name}`.slice(0, 19), 0, program]);
export const DRUMS: PresetRow[] = [
  ['Standard', 128, 0],
  ['Jazz', 128, 32],
];

/** A server with a General MIDI font, a font of its own and what else is given. */
export async function server(
  content: Readonly<Record<string, Buffer | string>> = {},
  given: Partial<CatalogueConfig> = {},
) {
  const folder = await files({
    'default/Tiny GM.sf2': fontFile([...GM, ['Warm Bank', 2, 0], ...DRUMS]),
    'fonts/Strange.sf2': fontFile([
      ['Gong Choir', 0, 5],
      ['Violin', 1, 40],
      ['Anvil Kit', 128, 7],
    ]),
    ...content,
  });
  const catalogues = Object.keys(content).filter((name) => name.endsWith('.catalogue.json'));
  return openCatalogue(
    {
      defaultSoundFont: join(folder, 'default/Tiny GM.sf2'),
      soundFontFolder: join(folder, 'fonts'),
      samplesFolder: join(folder, 'samples'),
      catalogueFiles: catalogues.map((name) => join(folder, name)),
      ...given,
    },
    silentFont,
  );
}

export function wants(
  name: string | null,
  given: Partial<InstrumentName> & { percussion?: boolean; silent?: boolean } = {},
): Part {
  const { percussion = false, silent = false, ...instrument } = given;
  return part(silent ? [] : [note()], {
    name: 'Melody',
    percussion,
    instrument: { name, program: null, bank: 0, pointer: '/Tracks/0/Instrument', ...instrument },
  });
}

export async function resolveOne(wanted: Part, options: InstrumentOptions = {}, content = {}) {
  const { parts, warnings } = await (await server(content)).resolve(scoreOf(wanted), options);
  return { ...parts[0]!, codes: warnings.map(({ code }) => code), warnings };
}

export const tone = wavFile([sine(440, 4410)]);
