import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '@musistrata/blob-store';

/** No upload takes that long: what is older was left behind by a process that died. */
const leftoverMs = 3_600_000;

/** Where uploads to a folder are made ready: on its file system, so that offering them is a rename, and hidden from catalogues by the dot. */
export const incomingOf = (folder: string): string => join(folder, '.incoming');

/**
 * Lets an upload work in a folder of its own, of which nothing is left afterwards however the work ends.
 * @param folder the one that the upload is for; made if need be
 */
export async function withWorkFolder<T>(folder: string, work: (own: string) => Promise<T>): Promise<T> {
  const incoming = incomingOf(folder);
  await makeFolder(incoming);
  await removeLeftovers(incoming);
  const own = join(incoming, randomUUID());
  await mkdir(own);
  try {
    return await work(own);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function removeLeftovers(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const found = await stat(path).catch(() => null);
    if (found && Date.now() - found.mtimeMs > leftoverMs) await rm(path, { recursive: true, force: true });
  }
}
