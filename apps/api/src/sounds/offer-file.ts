import { link, open, readdir, rm, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { Problem } from '../problems/problem.js';

const fontExtensions = new Set(['.sf2', '.sf3', '.dls']);
/** A claim that old was left by a process that died: claims are held for the time of a look into a folder. */
const staleMs = 60_000;

/**
 * Gives a file in the folder's `.incoming` its name. Names are the same whatever their case and extension, also for processes that share the folder:
 * two fonts of one name would keep every process from starting.
 * @throws Problem soundfont-exists
 */
export async function offerFile(temporary: string, folder: string, name: string, extension: string): Promise<void> {
  const claim = join(folder, '.incoming', `${name.toLowerCase()}.claim`);
  await take(claim, name);
  try {
    const taken = (await readdir(folder)).map(parse);
    if (taken.some((file) => fontExtensions.has(file.ext.toLowerCase()) && isSame(file.name, name)))
      throw Problem.soundFontExists(name);
    await link(temporary, join(folder, `${name}.${extension}`));
  } finally {
    await rm(claim, { force: true });
  }
}

export const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

async function take(claim: string, name: string): Promise<void> {
  try {
    await (await open(claim, 'wx')).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const found = await stat(claim).catch(() => null);
    if (found && Date.now() - found.mtimeMs < staleMs) throw Problem.soundFontExists(name);
    await rm(claim, { force: true });
    await take(claim, name);
  }
}
