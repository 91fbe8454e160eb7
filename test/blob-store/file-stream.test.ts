import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FileStream } from '@musistrata/blob-store';

const CHUNK = 256 * 1024;
const bytes = randomBytes(3 * CHUNK + 17);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-stream-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function opened(content: Buffer): Promise<number> {
  const path = join(folder, randomBytes(6).toString('hex'));
  await writeFile(path, content);
  return openSync(path, 'r');
}

describe('a file that is streamed', () => {
  test.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, bytes.length])('has all of its %d bytes', async (length) => {
    const content = bytes.subarray(0, length);
    const read = Buffer.concat(await new FileStream(await opened(content)).toArray());
    expect(read.equals(content)).toBe(true);
  });

  test.each([
    [0, 0],
    [5, CHUNK + 4],
    [CHUNK - 1, CHUNK],
    [2 * CHUNK, bytes.length - 1],
  ])('has bytes %d to %d, both included', async (start, end) => {
    const read = Buffer.concat(await new FileStream(await opened(bytes), { start, end }).toArray());
    expect(read.equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  test('stays what it is when chunks are read into again', async () => {
    const other = randomBytes(bytes.length);
    const all = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const expected = index % 2 === 0 ? bytes : other;
        let at = 0;
        for await (const chunk of new FileStream(await opened(expected)) as AsyncIterable<Buffer>) {
          // Somebody slow, while others read.
          await new Promise((resolve) => setTimeout(resolve, index % 5));
          if (!chunk.equals(expected.subarray(at, at + chunk.length))) return false;
          at += chunk.length;
          FileStream.recycle(chunk);
        }
        return at === expected.length;
      }),
    );
    expect(all).not.toContain(false);
  });

  test('takes the memory of chunks that were given back', async () => {
    const seen = new Set<ArrayBufferLike>();
    for (let round = 0; round < 50; round++) {
      for await (const chunk of new FileStream(await opened(bytes)) as AsyncIterable<Buffer>) {
        seen.add(chunk.buffer);
        FileStream.recycle(chunk);
      }
    }
    // 200 chunks were read.
    expect(seen.size).toBeLessThan(80);
  });

  test('is closed when nobody wants the rest, also in the middle of reading', async () => {
    const file = await opened(bytes);
    const stream = new FileStream(file);
    stream.resume();
    stream.destroy();
    await once(stream, 'close');
    expect(() => fstatSync(file)).toThrow('EBADF');
  });

  test('fails when it cannot be read', async () => {
    const file = openSync(folder, 'r');
    const stream = new FileStream(file);
    await expect(stream.toArray()).rejects.toThrow('EISDIR');
    expect(() => closeSync(file)).toThrow('EBADF');
  });
});
