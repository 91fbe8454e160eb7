import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { InstrumentReference } from './instrument-names.js';

/** An instrument made of samples. */
export type SampleReference = InstrumentReference & { readonly type: 'samples' | 'sfz' };

/** What stands in the samples folder under one name: a subfolder, or an SFZ file beside the subfolders. */
export interface SampleSet {
  /** Of the folder; of the file without its extension. */
  readonly name: string;
  readonly path: string;
  /** Several, under names of their own, when a subfolder has several SFZ files. */
  readonly instruments: readonly SampleReference[];
}

/**
 * The sets of a samples folder in order of their names; a folder that is not there has none. Nothing whose name begins with a dot is one.
 * @param omitted paths that count as not being there
 */
export async function listSampleSets(folder: string, omitted: readonly string[] = []): Promise<SampleSet[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sets: SampleSet[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || omitted.includes(path)) continue;
    if (entry.isDirectory()) {
      const set = await readSampleSet(path);
      if (set.instruments.length > 0) sets.push(set);
    } else if (isSfz(entry.name)) {
      const name = sfzName(entry.name);
      sets.push({ name, path, instruments: [{ type: 'sfz', file: path, root: folder, name }] });
    }
  }
  return sets;
}

/**
 * The instruments of a subfolder. With an `instrument.json` or with WAV files it is one of its name; with a single SFZ file it is that, under
 * its own name; several SFZ files are instruments under their names.
 */
export async function readSampleSet(folder: string): Promise<SampleSet> {
  const files = (await readdir(folder).catch(() => [])).filter((file) => !file.startsWith('.')).sort();
  const name = basename(folder);
  const sfz = files.filter(isSfz);
  if (!files.includes('instrument.json') && sfz.length > 0) {
    const instruments = sfz.map(
      (file): SampleReference => ({
        type: 'sfz',
        file: join(folder, file),
        root: folder,
        name: sfz.length === 1 ? name : sfzName(file),
      }),
    );
    return { name, path: folder, instruments };
  }
  const hasSamples = files.some((file) => /\.wav$/i.test(file) || file === 'instrument.json');
  return { name, path: folder, instruments: hasSamples ? [{ type: 'samples', folder, name }] : [] };
}

function isSfz(file: string): boolean {
  return /\.sfz$/i.test(file);
}

function sfzName(file: string): string {
  return file.replace(/\.sfz$/i, '');
}
