import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { MusistrataClient } from '@musistrata/client';
import { type RunningApi, song, startApi } from '../../api/start-api.js';
import { audioBytes, startStation } from '../../api/start-station.js';
import { useTestRedis } from '../../redis/test-redis.js';
import { runCommand, runHere } from './run-command.js';

const redis = useTestRedis('command');
let api: RunningApi;
let folder: string;

beforeAll(async () => {
  api = await startApi(redis);
  await startStation(redis, api);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'command-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('--server', () => {
  test('renders several scores into a folder, and reports each', async () => {
    await writeFile(join(folder, 'a.json'), song(61));
    await writeFile(join(folder, 'b.json'), song(62));
    await mkdir(join(folder, 'out'));
    const scores = ['a.json', 'b.json'].map((name) => join(folder, name));
    const { exit, output, errors } = await runHere([
      ...scores,
      '-o',
      join(folder, 'out'),
      '--server',
      api.url,
      '--json',
    ]);
    expect([exit, errors]).toEqual([0, '']);
    expect((await readdir(join(folder, 'out'))).toSorted()).toEqual(['a.wav', 'b.wav']);
    expect((await readFile(join(folder, 'out/a.wav'))).equals(audioBytes)).toBe(true);
    const [first, second] = String(output)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      score: scores[0],
      audio: { path: join(folder, 'out/a.wav'), bytes: audioBytes.length },
    });
    expect(first.audio.sha256).toBe(createHash('sha256').update(audioBytes).digest('hex'));
    expect(second.score).toBe(scores[1]);
  });

  test('takes a score from standard input and gives the audio to standard output', async () => {
    const { exit, output, errors } = await runCommand(['-', '--server', api.url], { input: song(63) });
    expect([exit, errors]).toEqual([0, '']);
    expect(output.equals(audioBytes)).toBe(true);
  });

  test('saves stems in a folder of their own, under names that every file system takes', async () => {
    const out = join(folder, 'take.wav');
    const { exit } = await runHere(['-', '-o', out, '--stems', '--server', api.url], { input: song(64) });
    expect(exit).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual(['take.stems', 'take.wav']);
    expect((await readdir(join(folder, 'take.stems'))).toSorted()).toEqual(['01 Lead.wav', '02 Bass left low.wav']);
    expect((await readFile(join(folder, 'take.stems/01 Lead.wav'))).equals(audioBytes)).toBe(true);
  });

  test('passes options on, and shows the warnings that come back', async () => {
    const set = ['--set', 'tags.comment=steps', '--set', 'tags.title=1984', '--set', 'parts=[{"part":0,"pan":0.25}]'];
    const { exit, errors } = await runHere(['-', '-o', join(folder, 'a.wav'), ...set, '--server', api.url], {
      input: song(),
    });
    expect([exit, errors]).toEqual([0, '  warning: Take care. [test-warning]\n']);
    for await (const { options } of new MusistrataClient({ baseUrl: api.url }).list({ pageSize: 1 })) {
      expect(options.tags).toMatchObject({ comment: 'steps', title: '1984' });
      expect(options.parts[0]?.pan).toBe(0.25);
      break;
    }
  });

  test('reads a score without rendering it', async () => {
    const { exit, output } = await runHere(['-', '--parse', '--server', api.url], { input: song() });
    expect(exit).toBe(0);
    expect(String(output)).toMatch(/musistrata, 0:04, 1 part, 1 note/);
  });

  test('says at which place of the score the service finds a fault, and ends with 3', async () => {
    const bad = song().replace('"Octave":5', '"Octave":-5').replace('"Tempo":60', '"Tempo":0');
    const { exit, errors } = await runHere(['-', '-o', join(folder, 'a.wav'), '--server', api.url], { input: bad });
    expect(exit).toBe(3);
    expect(errors).toMatch(/\n {2}\/Tempo: /);
    expect(errors).toMatch(/\n {2}\/Tracks\/0\/Bars\/0\/SoundEvents\/0\/Note\/Octave: /);
    expect(await readdir(folder)).toEqual([]);
  });

  test('names the instruments nearest to one that the service does not have', async () => {
    const unknown = song(68).replace('Acoustic Grand Piano', 'Vilion');
    const args = ['-', '-o', join(folder, 'a.wav'), '--server', api.url];
    const { exit, errors } = await runHere(args, { input: unknown });
    expect(exit).toBe(3);
    expect(errors).toMatch(/\n {2}\/Tracks\/0\/Instrument: .*Violin/);
  });

  test('ends with 5 when the service could not render, and says why', async () => {
    const args = ['-', '-o', join(folder, 'a.wav'), '--set', 'tags.comment=refuse', '--server', api.url];
    const { exit, errors } = await runHere(args, { input: song(65) });
    expect(exit).toBe(5);
    expect(errors).toMatch(/Kazoo of Doom/);
  });

  test('ends with 4 when it has no valid key', async () => {
    const key = createHash('sha256').update('right').digest('hex');
    const locked = await startApi(redis, { API_KEYS: `me submit,read ${key}`, LINK_SECRETS: 'x'.repeat(32) });
    const args = ['-', '--parse', '--server', locked.url];
    expect(await runHere([...args, '--api-key', 'wrong'], { input: song() })).toMatchObject({ exit: 4 });
    const environment = { MUSISTRATA_API_KEY: 'right' };
    expect(await runHere(args, { input: song(), environment })).toMatchObject({ exit: 0, errors: '' });
  });
});

test('Ctrl-C cancels the render at the service, leaves no file, and ends with 130', async () => {
  const args = ['-', '-o', join(folder, 'a.wav'), '--set', 'tags.comment=slow', '--server', api.url];
  const client = new MusistrataClient({ baseUrl: api.url });
  const { exit, errors } = await runCommand(args, {
    input: song(66),
    running: async (child) => {
      for (;;) {
        for await (const { status } of client.list({ pageSize: 1, status: 'rendering' }))
          if (status === 'rendering') return child.kill('SIGINT');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  });
  expect([exit, errors]).toEqual([130, '']);
  expect(await readdir(folder)).toEqual([]);
  for await (const { status } of client.list({ pageSize: 1 })) {
    expect(status).toBe('canceled');
    break;
  }
  expect.assertions(3);
});

test('Ctrl-C while more of standard input is awaited ends with 130', async () => {
  const { exit } = await runCommand(['-', '--parse'], {
    // More than a pipe holds: when it has gone, the command is reading.
    running: (child) => child.stdin?.write(' '.repeat(1 << 20), () => child.kill('SIGINT')),
  });
  expect(exit).toBe(130);
});
