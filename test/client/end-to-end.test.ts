import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MusistrataClient, type Render } from '@musistrata/client';
import { save } from '@musistrata/client/node';
import { createWorker, readConfig } from '@musistrata/worker';
import { type RunningApi, startApi } from '../api/start-api.js';
import { useTestRedis } from '../redis/test-redis.js';
import { runCommand, runHere } from './cli/run-command.js';
import { scale } from './cli/songs.js';

// Renders compute: on a busy machine that takes its time.
jest.setTimeout(120_000);

const redis = useTestRedis('end-to-end');
let api: RunningApi;
let client: MusistrataClient;
let folder: string;

beforeAll(async () => {
  api = await startApi(redis);
  const worker = await createWorker(
    readConfig({
      REDIS_URL: redis.url,
      QUEUE_PREFIX: redis.name,
      DATA_DIR: api.folder,
      WORKER_CONCURRENCY: '1',
      HEALTH_PORT: '0',
      LOG_LEVEL: 'silent',
      SHUTDOWN_SECONDS: '0',
    }),
  );
  redis.closing(worker);
  client = new MusistrataClient({ baseUrl: api.url });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'end-to-end-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A Standard MIDI File of format 0: program 40, then keys 60, 64 and 67 for a beat each at tempo 120. */
const midi = Buffer.from([
  ...[0x4d, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, 0, 96],
  ...[0x4d, 0x54, 0x72, 0x6b, 0, 0, 0, 31, 0, 0xc0, 40],
  ...[60, 64, 67].flatMap((key) => [0, 0x90, key, 100, 96, 0x80, key, 0]),
  ...[0, 0xff, 0x2f, 0],
]);

describe('client, API and worker together', () => {
  test('a MIDI file becomes the audio, stems and note timing that the render announces', async () => {
    const render = await client.render(
      { bytes: midi, fileName: 'three.mid' },
      { options: { format: 'flac', stems: true } },
    );
    expect(render).toMatchObject({ score: { format: 'midi', noteCount: 3 }, audio: { contentType: 'audio/flac' } });
    const path = join(folder, 'three.flac');
    await save(await client.audio(render), path);
    const bytes = await readFile(path);
    expect(bytes.toString('latin1', 0, 4)).toBe('fLaC');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(render.audio.sha256);
    expect(await client.stems(render)).toHaveLength(1);
    const timing = await client.timing(render.id);
    expect(timing.map(({ key, onset, release }) => [key, onset, release])).toEqual([
      [60, 0, 0.5],
      [64, 0.5, 1],
      [67, 1, 1.5],
    ]);
    expect((await client.peaks(render.id)).frames / render.audio.sampleRate).toBeCloseTo(
      render.audio.durationSeconds,
      3,
    );
    expect(Buffer.from(await (await client.midi(render.id).blob()).arrayBuffer()).equals(midi)).toBe(true);
  });

  test('progress goes from the queue to the end without turning back', async () => {
    const updates: Render[] = [];
    const song = JSON.parse(scale(120));
    const render = await client.render(song, { options: { tail: 'exact' }, onUpdate: (now) => updates.push(now) });
    expect(render.audio.durationSeconds).toBe(240);
    const seconds = updates.map(({ progress }) => progress.renderedSeconds);
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    expect(seconds.some((at) => at > 0 && at < 240)).toBe(true);
    expect(updates.at(-1)?.progress).toEqual({ renderedSeconds: 240, totalSeconds: 240, fraction: 1 });
  });

  test('an equal render is there at once, and says so', async () => {
    const song = JSON.parse(scale(2));
    const first = await client.render(song);
    const second = await client.submit(song);
    expect(second).toMatchObject({ status: 'succeeded', cached: true, audio: { sha256: first.audio.sha256 } });
    expect(second.id).not.toBe(first.id);
  });
});

describe('the command line with the real service', () => {
  test('gives the bytes that it gives without a server, for every part too', async () => {
    await writeFile(join(folder, 'three.mid'), midi);
    await writeFile(join(folder, 'scale.json'), scale(3));
    const args = [join(folder, 'three.mid'), join(folder, 'scale.json'), '--stems', '--set', 'master.peakDb=-3', '-o'];
    expect(await runHere([...args, join(folder, 'here/')])).toMatchObject({ exit: 0, errors: '' });
    expect(await runHere([...args, join(folder, 'there/'), '--server', api.url])).toMatchObject({
      exit: 0,
      errors: '',
    });
    const files = (await readdir(join(folder, 'here'), { recursive: true })).filter((name) => name.endsWith('.wav'));
    expect(files).toHaveLength(5);
    for (const name of files) {
      const [here, there] = [await readFile(join(folder, 'here', name)), await readFile(join(folder, 'there', name))];
      expect([name, here.length > 10_000, here.equals(there)]).toEqual([name, true, true]);
    }
  });

  test('Ctrl-C stops the worker, too', async () => {
    const { exit, errors } = await runCommand(['-', '-o', join(folder, 'a.wav'), '--server', api.url], {
      input: scale(3000),
      running: async (child) => {
        for (;;) {
          for await (const { progress } of client.list({ status: 'rendering' }))
            if (progress.renderedSeconds > 0) return child.kill('SIGINT');
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
    });
    expect([exit, errors, await readdir(folder)]).toEqual([130, '', []]);
    for await (const { status } of client.list({ pageSize: 1 })) {
      expect(status).toBe('canceled');
      break;
    }
    // Its only thread is free again.
    expect((await client.render(JSON.parse(scale(4)))).status).toBe('succeeded');
  });
});
