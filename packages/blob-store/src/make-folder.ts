import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder with all its parents; does nothing when it is there. Unlike the recursive mkdir of Node it ends where a file system
 * (such as /proc) denies that the parent exists: Node asks that for ever.
 * @returns the first folder that was made, or null
 * @throws what the system says against it
 */
export async function makeFolder(path: string): Promise<string | null> {
  try {
    await mkdir(path);
    return path;
  } catch (error) {
    const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    if (!missing || dirname(path) === path) return unlessFolder(path, error);
  }
  const first = await makeFolder(dirname(path));
  try {
    await mkdir(path);
    return first ?? path;
  } catch (error) {
    return (await unlessFolder(path, error)) ?? first;
  }
}

/** Somebody else may have made it, and a read-only file system says that it is one before it says that the folder exists. */
async function unlessFolder(path: string, error: unknown): Promise<null> {
  const found = await stat(path).catch(() => null);
  if (!found?.isDirectory()) throw error;
  return null;
}
