import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeFolder } from '@musistrata/blob-store';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folders-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('makes a folder with its parents, also when others make it at the same time', async () => {
  const path = join(folder, 'a', 'b', 'c');
  expect(await makeFolder(join(folder, 'x', 'y'))).toBe(join(folder, 'x'));
  await Promise.all(Array.from({ length: 20 }, () => makeFolder(path)));
  expect((await stat(path)).isDirectory()).toBe(true);
  expect(await makeFolder(path)).toBeNull();
});

test('says that a file stands in the way', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test('ends where a file system denies that a folder exists', async () => {
  await expect(makeFolder('/proc/musistrata/renders')).rejects.toMatchObject({ code: 'ENOENT' });
});
