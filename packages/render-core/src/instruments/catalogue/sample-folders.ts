import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { InstrumentReference } from './instrument-names.js';

type SampleReference = InstrumentReference & { readonly type: 'samples' | 'sfz' };

/**
 * Sample instruments in a folder. A subfolder with an `instrument.json` or with WAV files is one of its name; one with a single SFZ file
 * is that, under its own name; several SFZ files in a subfolder, or SFZ files beside the subfolders, are instruments under their names.
 */
export async function listSampleInstruments(folder: string): Promise<SampleReference[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: SampleReference[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) found.push(...(await inSubfolder(path)));
    else if (isSfz(entry.name)) found.push({ type: 'sfz', file: path, root: folder, name: sfzName(entry.name) });
  }
  return found;
}

async function inSubfolder(folder: string): Promise<SampleReference[]> {
  const files = (await readdir(folder).catch(() => [])).sort();
  const name = basename(folder);
  const sfz = files.filter(isSfz);
  if (!files.includes('instrument.json') && sfz.length > 0) {
    return sfz.map((file) => ({
      type: 'sfz',
      file: join(folder, file),
      root: folder,
      name: sfz.length === 1 ? name : sfzName(file),
    }));
  }
  const hasSamples = files.some((file) => /\.wav$/i.test(file) || file === 'instrument.json');
  return hasSamples ? [{ type: 'samples', folder, name }] : [];
}

function isSfz(file: string): boolean {
  return /\.sfz$/i.test(file);
}

function sfzName(file: string): string {
  return file.replace(/\.sfz$/i, '');
}
