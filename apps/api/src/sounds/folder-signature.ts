import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type CatalogueConfig, listFontFiles } from '@musistrata/render-core';

/**
 * A text that is another one when fonts, entries of the samples folder or catalogue files come, go or are replaced. Looks at fonts and at the top of the
 * samples folder, not at every sample: it is asked for every second.
 */
export async function folderSignature(config: CatalogueConfig): Promise<string> {
  const { soundFontFolder, samplesFolder, catalogueFiles = [] } = config;
  const fonts = soundFontFolder === undefined ? [] : await listFontFiles(soundFontFolder);
  const sets = samplesFolder === undefined ? [] : await entriesOf(samplesFolder);
  const lines = await Promise.all([...fonts, ...sets, ...catalogueFiles].map(describe));
  return lines.join('\n');
}

async function entriesOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => join(folder, name));
}

/** The number of the file tells two of one size apart that were made in the same moment. */
async function describe(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found === null ? '' : `${path} ${found.ino} ${found.size} ${found.mtimeMs}`;
}
