import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { LogFile } from '@musistrata/standalone/log-file';

let folder: string;
let complaints: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-file-'));
  jest.spyOn(console, 'error').mockImplementation((text) => complaints.push(String(text)));
});

afterAll(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const write = (log: LogFile, line: string) => new Promise((resolve) => log.write(`${line}\n`, resolve));

test('a log that cannot be written loses lines, says so once, ends nothing, and goes on when it can be', async () => {
  complaints = [];
  const path = join(folder, 'later', 'service.log');
  const log = new LogFile(path);
  for (const line of ['lost', 'lost too']) expect(await write(log, line)).toBeFalsy();
  expect(complaints).toEqual([expect.stringContaining(path)]);
  await mkdir(join(folder, 'later'));
  expect(await write(log, 'kept')).toBeFalsy();
  log.end('and the last\n');
  await finished(log);
  expect(await readFile(path, 'utf8')).toBe('kept\nand the last\n');
});

test('a log goes on where an earlier run ended', async () => {
  const path = join(folder, 'again.log');
  for (const line of ['first run', 'second run']) {
    const log = new LogFile(path);
    await write(log, line);
    log.end();
    await finished(log);
  }
  expect(await readFile(path, 'utf8')).toBe('first run\nsecond run\n');
});
