import { stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { BlobDamagedError, openBlobStore, readStorageUrl, StorageUrlError } from '@musistrata/blob-store';
import { S3BlobStore } from '@musistrata/blob-store/s3';
import { describeBlobStore } from './contract.js';
import { startS3Server } from './s3-server.js';

const server = await startS3Server();
const { root, endpoint } = server;
const credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

afterAll(async () => {
  await server.close();
});

describeBlobStore('s3', async () => new S3BlobStore({ bucket: 'renders', prefix: 'test/', endpoint, credentials }));

describe('S3 blob store', () => {
  test('keeps to its prefix', async () => {
    const one = new S3BlobStore({ bucket: 'renders', prefix: 'one/', endpoint, credentials });
    const two = new S3BlobStore({ bucket: 'renders', prefix: 'two/', endpoint, credentials });
    await one.put('key', Buffer.from('1'));
    expect(await two.get('key')).toBeNull();
    for await (const { key } of two.list('')) throw new Error(`two has ${key}`);
  });

  test('does not take a missing bucket for a missing blob', async () => {
    const store = new S3BlobStore({ bucket: 'nowhere', endpoint, credentials });
    const missing = { name: 'StorageUnavailableError', cause: { name: 'NoSuchBucket' } };
    await expect(store.get('key')).rejects.toMatchObject(missing);
    await expect(store.check()).rejects.toMatchObject(missing);
  });

  test('tells a storage that is away from a blob that is not there, whatever is asked', async () => {
    const store = new S3BlobStore({ bucket: 'renders', endpoint: 'http://127.0.0.1:9', credentials });
    const listing = async () => {
      for await (const { key } of store.list('')) throw new Error(`there is ${key}`);
    };
    const calls = [
      () => store.put('key', Buffer.from('1')),
      () => store.get('key'),
      () => store.stat('key'),
      () => store.read('key'),
      () => store.delete('key'),
      listing,
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'StorageUnavailableError' });
  });

  test('reads what was asked for from a server that ignores ranges', async () => {
    const deaf = createServer((_, response) => response.end('0123456789'));
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    const store = new S3BlobStore({
      bucket: 'renders',
      endpoint: `http://127.0.0.1:${(deaf.address() as AddressInfo).port}`,
      credentials,
    });
    const stream = await store.read('key', { start: 3, end: 5 });
    expect(Buffer.concat(await stream.toArray()).toString()).toBe('345');
    deaf.closeAllConnections();
    await new Promise((resolve) => deaf.close(resolve));
  });

  test('gives URLs that need no credentials', async () => {
    const store = await openBlobStore({ kind: 's3', bucket: 'renders', endpoint, credentials });
    await store.put('signed', Buffer.from('0123456789'));
    const url = await store.presign?.('signed', {
      seconds: 60,
      contentType: 'audio/wav',
      contentDisposition: 'attachment; filename="a.wav"',
    });
    const answer = await fetch(url ?? '', { headers: { range: 'bytes=2-4' } });
    expect(answer.status).toBe(206);
    expect(await answer.text()).toBe('234');
  });

  test('finds out when a server stores something else than was sent', async () => {
    // Answers every upload with success and holds other bytes of the same number.
    const liar = createServer((request, response) => {
      request.resume().once('end', () => {
        if (request.method === 'GET') response.writeHead(200, { 'content-length': '3' }).end('abd');
        else if (request.method === 'HEAD') response.writeHead(200, { 'content-length': '3' }).end();
        else response.writeHead(200, { etag: '"x"' }).end();
      });
    });
    await new Promise<void>((resolve) => liar.listen(0, '127.0.0.1', resolve));
    const store = new S3BlobStore({
      bucket: 'renders',
      endpoint: `http://127.0.0.1:${(liar.address() as AddressInfo).port}`,
      credentials,
    });
    const path = join(root, 'file');
    await writeFile(path, 'abc');
    await expect(store.putFile('key', path)).rejects.toBeInstanceOf(BlobDamagedError);
    // Still there for another attempt.
    expect((await stat(path)).size).toBe(3);
    liar.closeAllConnections();
    await new Promise((resolve) => liar.close(resolve));
  });
});

describe('STORAGE_URL', () => {
  test('names a folder or a bucket', () => {
    expect(readStorageUrl(undefined, '/data')).toEqual({ kind: 'folder', folder: '/data' });
    expect(readStorageUrl('file:///srv/renders', '/data')).toEqual({ kind: 'folder', folder: '/srv/renders' });
    expect(readStorageUrl('s3://bucket', '/data')).toEqual({ kind: 's3', bucket: 'bucket' });
    expect(
      readStorageUrl('s3://bucket/a/b/?region=eu-central-1&endpoint=http://minio:9000&pathStyle=true&verify=size', '/'),
    ).toEqual({
      kind: 's3',
      bucket: 'bucket',
      prefix: 'a/b/',
      region: 'eu-central-1',
      endpoint: 'http://minio:9000',
      pathStyle: true,
      verify: 'size',
    });
  });

  test.each(['nonsense', 'http://example.org', 's3:///prefix', 's3://b?regoin=x', 's3://b?verify=no'])(
    'that is wrong is refused: %s',
    (url) => {
      expect(() => readStorageUrl(url, '/data')).toThrow(StorageUrlError);
    },
  );
});
