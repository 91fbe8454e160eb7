import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { KeyListError, KeyRing, makeKey, parseKeyList } from '@musistrata/api';

const studio = makeKey('studio', ['submit', 'read']);
const ops = makeKey('ops', ['admin']);

describe('API keys', () => {
  test('must find a key by its digest with its name and scopes', async () => {
    const ring = await KeyRing.open(`${studio.line}; ${ops.line}`, undefined);
    expect(ring.find(studio.key)).toMatchObject({ name: 'studio', scopes: new Set(['submit', 'read']) });
    expect(ring.find(ops.key)).toMatchObject({ name: 'ops', scopes: new Set(['admin']) });
  });

  test('must not find anything else', async () => {
    const ring = await KeyRing.open(studio.line, undefined);
    for (const guess of ['', studio.key.slice(0, -1), `${studio.key}x`, studio.line.split(' ')[2]!, ops.key])
      expect(ring.find(guess)).toBeNull();
  });

  test('must not keep the key in the line that admits it', () => {
    expect(studio.line).not.toContain(studio.key);
    expect(studio.line).not.toContain(studio.key.slice(3));
  });

  test('must refuse an expired key and take the next one of the same name', async () => {
    const next = makeKey('studio', ['read']);
    const ring = await KeyRing.open(`${studio.line} 2026-01-01\n${next.line} 2027-01-01`, undefined);
    const now = new Date('2026-06-01');
    expect(ring.find(studio.key, now)).toBeNull();
    expect(ring.find(next.key, now)).toMatchObject({ name: 'studio' });
  });

  test('must name the line of every mistake', () => {
    const list = ['# comment', 'no/slash read 00', 'ok read,write 11', `ok read ${'a'.repeat(64)} someday`].join('\n');
    let mistakes: readonly string[] = [];
    try {
      parseKeyList(list);
    } catch (error) {
      if (error instanceof KeyListError) mistakes = error.mistakes;
    }
    expect(mistakes.map((mistake) => mistake.split(':')[0])).toEqual([
      'line 2',
      'line 2',
      'line 3',
      'line 3',
      'line 4',
    ]);
  });

  test('must take over a changed file, and keep the keys when the change is broken', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'keys-'));
    const file = join(folder, 'keys');
    await writeFile(file, studio.line);
    const ring = await KeyRing.open(undefined, file);
    expect(ring.find(ops.key)).toBeNull();
    await writeFile(file, `${studio.line}\n${ops.line}\n`);
    await ring.refresh();
    expect(ring.find(ops.key)).not.toBeNull();
    await writeFile(file, 'broken');
    await utimes(file, new Date(), new Date(Date.now() + 5000));
    await expect(ring.refresh()).rejects.toThrow(KeyListError);
    expect(ring.find(ops.key)).not.toBeNull();
    await rm(folder, { recursive: true });
  });
});
