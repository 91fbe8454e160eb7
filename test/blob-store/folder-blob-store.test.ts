import { mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { FolderBlobStore } from '@musistrata/blob-store';
import { describeBlobStore } from './contract.js';

const root = await mkdtemp(join(tmpdir(), 'musistrata-folder-'));
afterAll(() => rm(root, { recursive: true, force: true }));

describeBlobStore('folder', async () => new FolderBlobStore({ folder: join(root, 'contract') }));

describe('folder blob store', () => {
  test('leaves nothing behind of a write that failed', async () => {
    const folder = join(root, 'failed');
    const store = new FolderBlobStore({ folder });
    await store.put('a/b', Buffer.from('x'));
    // The blob a/b stands where a folder would be needed.
    await expect(store.put('a/b/c', Buffer.from('y'))).rejects.toMatchObject({
      code: expect.stringMatching(/EEXIST|ENOTDIR/),
    });
    expect(await readdir(join(folder, '.incoming'))).toEqual([]);
    expect(String(await store.get('a/b'))).toBe('x');
  });

  test('does not list what is half written, and sweeps it when it is old', async () => {
    const folder = join(root, 'incoming');
    const store = new FolderBlobStore({ folder });
    await store.put('a', Buffer.from('x'));
    const half = join(folder, '.incoming', 'half');
    await writeFile(half, 'ha');
    const keys: string[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    expect(keys).toEqual(['a']);
    await store.sweepIncoming();
    expect(await readdir(join(folder, '.incoming'))).toEqual(['half']);
    await utimes(half, new Date(0), new Date(0));
    await store.sweepIncoming();
    expect(await readdir(join(folder, '.incoming'))).toEqual([]);
  });

  test('is not ready when its folder cannot be written to', async () => {
    const file = join(root, 'a-file');
    await writeFile(file, '');
    await symlink(file, join(root, 'link'));
    await expect(new FolderBlobStore({ folder: join(root, 'link') }).check()).rejects.toThrow();
  });
});
