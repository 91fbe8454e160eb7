import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { normalizeName } from '../../score/names.js';
import { InstrumentError } from '../instrument-error.js';
import type { CatalogueConfig } from './catalogue-config.js';
import { type FontPreset, readFontPresets } from './font-presets.js';

const EXTENSIONS = ['.sf2', '.sf3', '.dls'];
const DEEPEST = 4;
const MOST_FONTS = 1000;

/** A sound font that the catalogue offers; only its headers have been read. */
export interface FontFile {
  /** File name without extension. */
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly presets: readonly FontPreset[];
}

export interface FoundFonts {
  readonly fonts: readonly FontFile[];
  readonly defaultFont: FontFile | null;
  /** Fonts that are there but cannot be used, in words. */
  readonly problems: readonly string[];
}

/**
 * Finds the fonts of a configuration. The default font comes first, then those of the catalogue folder, then system fonts whose names are free.
 * Throws InstrumentError when two fonts of the catalogue folder have one name, or when the default font cannot be used.
 */
export async function findFonts(config: CatalogueConfig): Promise<FoundFonts> {
  const fonts = new Map<string, FontFile>();
  const problems: string[] = [];
  const listed = config.soundFontFolder === undefined ? [] : await listFontFiles(config.soundFontFolder);
  const own = listed.filter((path) => config.omitted?.includes(path) !== true);
  const taken = new Map<string, string>();
  for (const path of own) {
    const other = taken.get(normalizeName(fontName(path)));
    if (other !== undefined) {
      const message = `Two sound fonts have the same name "${fontName(path)}": ${basename(other)} and ${basename(path)}. Rename one.`;
      throw new InstrumentError('instrument-collision', message, [{ pointer: path, message }]);
    }
    taken.set(normalizeName(fontName(path)), path);
  }
  const defaultFont = config.defaultSoundFont === null ? null : await describeFont(config.defaultSoundFont);
  const add = async (path: string) => {
    const name = normalizeName(fontName(path));
    if (fonts.has(name) || fonts.size >= MOST_FONTS) return;
    try {
      fonts.set(name, await describeFont(path));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  };
  if (defaultFont !== null) {
    const key = normalizeName(defaultFont.name);
    const rival = taken.get(key);
    if (rival === undefined || (await realpath(rival)) === defaultFont.path) fonts.set(key, defaultFont);
  }
  for (const path of own) await add(path);
  for (const folder of config.systemFolders ?? []) for (const path of await listFontFiles(folder)) await add(path);
  return { fonts: [...fonts.values()], defaultFont, problems };
}

/** The font of a name, with or without its extension; null when there is none. */
export function findFont(name: string, fonts: readonly FontFile[]): FontFile | null {
  const wanted = normalizeName(name.replace(/\.(sf2|sf3|dls)$/i, ''));
  return fonts.find((font) => normalizeName(font.name) === wanted) ?? null;
}

async function describeFont(path: string): Promise<FontFile> {
  const name = fontName(path);
  const presets = await readFontPresets(path, name);
  const real = await realpath(path);
  return { name, path: real, bytes: (await stat(real)).size, presets };
}

/** What the font of a file is called. */
export function fontName(path: string): string {
  return basename(path, extname(path));
}

/** Font files in a folder and its subfolders, in order of their names; a folder that is not there has none. Nothing whose name begins with a dot is one. */
export async function listFontFiles(folder: string, depth = 0): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory() && depth < DEEPEST) files.push(...(await listFontFiles(path, depth + 1)));
    else if (EXTENSIONS.includes(extname(entry.name).toLowerCase())) files.push(path);
  }
  return files;
}
