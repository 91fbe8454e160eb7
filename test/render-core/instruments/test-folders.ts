import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';

/** Files of a folder by their paths in it. */
export type Files = Readonly<Record<string, Buffer | string>>;

/** Makes folders that are gone when the suite ends. */
export function useFolders(): (files: Files) => Promise<string> {
  let root = '';
  let folders = 0;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'instruments-'));
  });
  afterAll(async () => {
    await rm(root, { recursive: true, force: true });
  });
  return async (files) => {
    const folder = join(root, `${++folders}`);
    await mkdir(folder);
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return folder;
  };
}
