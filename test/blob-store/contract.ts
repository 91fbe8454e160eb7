import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BlobKeyError, BlobNotFoundError, BlobRangeError, type BlobStore } from '@musistrata/blob-store';

/** What every blob store must do; each driver's test file calls it. */
export function describeBlobStore(name: string, open: () => Promise<BlobStore>): void {
  describe(`blob store contract: ${name}`, () => {
    let store: BlobStore;
    let folder: string;

    beforeAll(async () => {
      store = await open();
      folder = await mkdtemp(join(tmpdir(), 'musistrata-blob-'));
    });

    afterAll(() => rm(folder, { recursive: true, force: true }));

    const keys = async (prefix: string) => {
      const found: string[] = [];
      for await (const { key } of store.list(prefix)) found.push(key);
      return found.sort();
    };
    const bytesOf = async (stream: AsyncIterable<Buffer>) => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks);
    };

    test('gives back what was put, replaces it, and knows its size and time', async () => {
      const before = Date.now() - 2000;
      await store.put('put/one', Buffer.from('first'));
      await store.put('put/one', Buffer.from('second one'));
      expect(String(await store.get('put/one'))).toBe('second one');
      const info = await store.stat('put/one');
      expect(info).toMatchObject({ key: 'put/one', bytes: 10 });
      expect(info?.modifiedAt.getTime()).toBeGreaterThan(before);
    });

    test('keeps every byte, and none at all', async () => {
      const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
      await store.put('put/all', all);
      await store.put('put/none', new Uint8Array());
      expect(await store.get('put/all')).toEqual(all);
      expect(await store.get('put/none')).toEqual(Buffer.alloc(0));
      expect(await bytesOf(await store.read('put/none'))).toEqual(Buffer.alloc(0));
    });

    test('takes a file over', async () => {
      const path = join(folder, 'file');
      const bytes = randomBytes(200_001);
      await writeFile(path, bytes);
      await store.putFile('file/taken', path);
      await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
      expect((await store.get('file/taken'))?.equals(bytes)).toBe(true);
    });

    test('takes a large file over in bounded pieces, unharmed', async () => {
      const path = join(folder, 'large');
      const bytes = randomBytes(20 * 1024 * 1024 + 7);
      await writeFile(path, bytes);
      await store.putFile('file/large', path);
      expect((await store.stat('file/large'))?.bytes).toBe(bytes.length);
      const hash = createHash('sha256');
      for await (const chunk of await store.read('file/large')) hash.update(chunk as Buffer);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
      await store.delete('file/large');
    });

    test('reads ranges with both ends included', async () => {
      await store.put('range/ten', Buffer.from('0123456789'));
      const part = async (start: number, end: number) =>
        String(await bytesOf(await store.read('range/ten', { start, end })));
      expect(await part(0, 0)).toBe('0');
      expect(await part(3, 6)).toBe('3456');
      expect(await part(9, 9)).toBe('9');
      expect(await part(5, 100)).toBe('56789');
      await expect(store.read('range/ten', { start: 10, end: 12 })).rejects.toBeInstanceOf(BlobRangeError);
      await expect(store.read('range/ten', { start: 5, end: 4 })).rejects.toBeInstanceOf(BlobRangeError);
    });

    test('lets go of a stream that is destroyed', async () => {
      await store.put('range/long', randomBytes(2_000_000));
      const stream = await store.read('range/long');
      const closed = new Promise((resolve) => stream.once('close', resolve));
      stream.once('data', () => stream.destroy());
      await closed;
      expect(stream.destroyed).toBe(true);
    });

    test('says so when there is none', async () => {
      expect(await store.get('missing/one')).toBeNull();
      expect(await store.stat('missing/one')).toBeNull();
      await expect(store.read('missing/one')).rejects.toBeInstanceOf(BlobNotFoundError);
      await store.delete('missing/one');
    });

    test('does not take a folder for a blob', async () => {
      await store.put('folder/inside/one', Buffer.from('1'));
      expect(await store.get('folder/inside')).toBeNull();
      expect(await store.stat('folder/inside')).toBeNull();
      await expect(store.read('folder/inside')).rejects.toBeInstanceOf(BlobNotFoundError);
    });

    test('deletes, and only that', async () => {
      await store.put('delete/a/one', Buffer.from('1'));
      await store.put('delete/a/two', Buffer.from('2'));
      await store.delete('delete/a/one');
      expect(await keys('delete/')).toEqual(['delete/a/two']);
      await store.delete('delete/a/two');
      expect(await keys('delete/')).toEqual([]);
      await store.put('delete/a/three', Buffer.from('3'));
      expect(await keys('delete/')).toEqual(['delete/a/three']);
    });

    test('lists by the start of the key, across folders', async () => {
      for (const key of ['list/a/1', 'list/a/2', 'list/ab', 'list/b/c/3', 'lister'])
        await store.put(key, Buffer.from(key));
      expect(await keys('list/')).toEqual(['list/a/1', 'list/a/2', 'list/ab', 'list/b/c/3']);
      expect(await keys('list/a')).toEqual(['list/a/1', 'list/a/2', 'list/ab']);
      expect(await keys('list/a/')).toEqual(['list/a/1', 'list/a/2']);
      expect(await keys('list/b/c/3')).toEqual(['list/b/c/3']);
      expect(await keys('nothing/')).toEqual([]);
      for await (const { key, bytes } of store.list('list/b/')) expect(bytes).toBe(key.length);
    });

    test('lists more than one page', async () => {
      const many = Array.from({ length: 1100 }, (_, at) => `many/${at}`);
      for (let at = 0; at < many.length; at += 50)
        await Promise.all(many.slice(at, at + 50).map((key) => store.put(key, Buffer.from('x'))));
      expect((await keys('many/')).length).toBe(1100);
    });

    test('stays whole when many write the same key', async () => {
      const versions = Array.from({ length: 16 }, (_, at) => Buffer.alloc(50_000, `${at % 10}`));
      const reads: Promise<Buffer | null>[] = [];
      await store.put('race/one', versions[0] ?? Buffer.alloc(0));
      await Promise.all(
        versions.map(async (bytes) => {
          await store.put('race/one', bytes);
          reads.push(store.get('race/one'));
        }),
      );
      for (const bytes of await Promise.all(reads)) {
        expect(bytes?.length).toBe(50_000);
        expect(new Set(bytes).size).toBe(1);
      }
    });

    test('lets one write where another deletes', async () => {
      await Promise.all(
        Array.from({ length: 40 }, async (_, at) => {
          await store.put(`busy/folder/${at}`, Buffer.from('x'));
          await store.delete(`busy/folder/${at}`);
        }),
      );
      expect(await keys('busy/')).toEqual([]);
    });

    test.each([
      '',
      '.',
      '..',
      '/',
      '/etc/passwd',
      '../outside',
      'a/../../outside',
      'a/./b',
      'a//b',
      'a/',
      '.hidden',
      'a/.hidden',
      'a\\b',
      'a\0b',
      'a b',
      'ä',
      'a%2e%2e',
      'C:/x',
      'a?b',
      'x'.repeat(300),
      Array.from({ length: 20 }, () => 'x'.repeat(60)).join('/'),
    ])('refuses the key %j everywhere', async (key) => {
      await expect(store.put(key, Buffer.from('x'))).rejects.toBeInstanceOf(BlobKeyError);
      await expect(store.get(key)).rejects.toBeInstanceOf(BlobKeyError);
      await expect(store.stat(key)).rejects.toBeInstanceOf(BlobKeyError);
      await expect(store.read(key)).rejects.toBeInstanceOf(BlobKeyError);
      await expect(store.delete(key)).rejects.toBeInstanceOf(BlobKeyError);
      const path = join(folder, 'unmoved');
      await writeFile(path, 'x');
      await expect(store.putFile(key, path)).rejects.toBeInstanceOf(BlobKeyError);
      expect((await stat(path)).size).toBe(1);
    });

    test.each(['../', '/', 'a/../', '.hidden'])('refuses to list %j', async (prefix) => {
      await expect(keys(prefix)).rejects.toBeInstanceOf(BlobKeyError);
    });

    test('is ready', async () => {
      await store.check();
      expect(await keys('health/')).toEqual([]);
    });
  });
}
