import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Render } from '@musistrata/render-queue';
import {
  findEmbeddedRedis,
  findRedisServer,
  freePort,
  type RunningRedis,
  startEmbeddedRedis,
  startRedisServer,
} from '@musistrata/standalone/redis';
import { until } from '../render-queue/harness/installation.js';
import { Service } from './service.js';

/** A song of its own for every number. */
function song(number: number, bars = 4): string {
  const chord = ['C', 'E', 'G'].map((name) => ({
    Beat: 0,
    Duration: 4,
    Velocity: 40 + (number % 60),
    Note: { Name: name, Octave: 3 + (number % 4) },
  }));
  const track = { Instrument: 'Default_Synth', Bars: Array.from({ length: bars }, () => ({ SoundEvents: chord })) };
  return JSON.stringify({ Tempo: 100 + number, BeatsPerBar: 4, Tracks: [track] });
}

let redis: RunningRedis;
let redisPort: number;
let folder: string;
let url: string;
const services: Service[] = [];

/** A server of this file's own, because it is killed: with its append-only file, or the embedded one that forgets. */
async function startRedis(): Promise<RunningRedis> {
  const server = process.env.TEST_REDIS_BACKEND === 'embedded' ? null : await findRedisServer(process.env);
  if (server) return startRedisServer(server, join(folder, 'redis'), redisPort);
  return startEmbeddedRedis(findEmbeddedRedis() ?? '', redisPort);
}

function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    REDIS_URL: redis.url,
    DATA_DIR: folder,
    WORKER_CONCURRENCY: '2',
    LOCK_SECONDS: '2',
    STALLED_CHECK_SECONDS: '1',
    RECOVERY_SECONDS: '1',
    ...more,
  };
}

async function startApi(more: Readonly<Record<string, string>> = {}): Promise<Service> {
  const api = new Service('api', environment({ PORT: new URL(url).port, ...more }));
  services.push(api);
  for (;;) {
    const answer = await fetch(`${url}/livez`).catch(() => null);
    if (answer?.ok) return api;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function startWorker(more: Readonly<Record<string, string>> = {}): Promise<Service> {
  const worker = new Service('worker', environment(more));
  services.push(worker);
  await worker.logged('The worker takes jobs');
  return worker;
}

async function submit(body: string): Promise<string> {
  // Telephone quality, because only the queue is looked at here.
  const answer = await fetch(`${url}/v1/renders?sampleRate=8000`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as Render).id;
}

async function get(id: string): Promise<Render> {
  return (await (await fetch(`${url}/v1/renders/${id}`)).json()) as Render;
}

/** Polls as a client would, through whatever happens to the server. */
async function ended(id: string): Promise<Render> {
  for (;;) {
    const render = await get(id).catch(() => null);
    if (render?.finishedAt) return render;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Ids of the renders that the storage knows as unfinished. */
async function unfinished(): Promise<string[]> {
  const names = await readdir(join(folder, 'renders', 'open')).catch(() => []);
  return names.map((name) => name.replace('.json', ''));
}

async function expectWholeFile(render: Render): Promise<void> {
  const answer = await fetch(`${url}/v1/renders/${render.id}/audio`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(render.audio?.sha256);
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'robustness-'));
  redisPort = await freePort();
  redis = await startRedis();
  url = `http://127.0.0.1:${await freePort()}`;
}, 60_000);

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.stop()));
}, 60_000);

afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('nothing is lost and nothing is made twice', () => {
  test('when one of two workers is killed in the middle of 40 renders', async () => {
    await startApi();
    const [first, second] = await Promise.all([startWorker(), startWorker()]);
    const ids = await Promise.all(Array.from({ length: 40 }, (_, number) => submit(song(number))));
    while (first.ended('succeeded').length < 5) await new Promise((resolve) => setTimeout(resolve, 10));
    await first.kill();
    for (const id of ids) {
      const render = await ended(id);
      expect(render.status).toBe('succeeded');
      await expectWholeFile(render);
    }
    const made = [...first.ended('succeeded'), ...second.ended('succeeded')];
    expect(new Set(made).size).toBe(made.length);
    // What the killed one had published without being able to say so was found, not made again.
    expect(made.length + second.ended('found').length).toBeGreaterThanOrEqual(39);
    // One that ended in the killed worker's last moment is written down by the next recovery.
    await until(unfinished, (open) => open.length === 0);
  }, 120_000);

  test('when the API is killed while it accepts renders', async () => {
    const api = await startApi();
    const accepted: string[] = [];
    const posts = Array.from({ length: 40 }, (_, number) =>
      submit(song(100 + number, 1)).then(
        (id) => accepted.push(id),
        () => undefined,
      ),
    );
    while (accepted.length < 5) await new Promise((resolve) => setTimeout(resolve, 1));
    await api.kill();
    await Promise.all(posts);
    // Some were written down and not enqueued, or enqueued and not answered: all that was written down is made.
    const open = await unfinished();
    expect(open.length).toBeGreaterThanOrEqual(accepted.length);
    await startApi();
    await startWorker();
    for (const id of new Set([...accepted, ...open])) expect((await ended(id)).status).toBe('succeeded');
  }, 120_000);

  test('when Redis is killed and started again', async () => {
    await startApi();
    await startWorker();
    const ids = await Promise.all(Array.from({ length: 12 }, (_, number) => submit(song(200 + number))));
    while ((await Promise.all(ids.map(get))).every(({ finishedAt }) => finishedAt === null))
      await new Promise((resolve) => setTimeout(resolve, 20));
    if (redis.pid) process.kill(redis.pid, 'SIGKILL');
    await redis.ended;
    const refused = await fetch(`${url}/v1/renders`, { method: 'POST', body: song(300) });
    expect(refused.status).toBe(503);
    await redis.stop();
    redis = await startRedis();
    for (const id of ids) {
      const render = await ended(id);
      expect(render.status).toBe('succeeded');
      await expectWholeFile(render);
    }
  }, 120_000);
});

test('a canceled render stops its worker, and stays canceled', async () => {
  await startApi();
  const worker = await startWorker();
  // Hours of music on both of its threads.
  const long = await Promise.all([submit(song(1, 3000)), submit(song(2, 3000))]);
  while ((await Promise.all(long.map(get))).some(({ status }) => status !== 'rendering'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  for (const id of long) expect((await fetch(`${url}/v1/renders/${id}`, { method: 'DELETE' })).status).toBe(202);
  const { status } = await ended(await submit(song(400, 1)));
  expect(status).toBe('succeeded');
  for (const id of long) expect((await get(id)).status).toBe('canceled');
  expect(worker.ended('canceled').sort()).toEqual([...long].sort());
}, 120_000);

test('services that are told to stop do so in time, also when Redis is gone for good', async () => {
  const brief = { SHUTDOWN_SECONDS: '1' };
  const running = [await startApi(brief), await startWorker(brief)];
  await redis.stop();
  const statuses = await Promise.all(running.map((service) => service.stop()));
  expect(statuses).not.toContain(null);
  services.length = 0;
  redis = await startRedis();
}, 60_000);
