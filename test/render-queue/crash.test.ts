import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RenderDesk } from '@musistrata/render-queue';
import {
  findEmbeddedRedis,
  findRedisServer,
  freePort,
  type RunningRedis,
  startEmbeddedRedis,
  startRedisServer,
} from '@musistrata/standalone/redis';
import { burnSubmission } from './harness/burn-score.js';
import { ended, until, useInstallation } from './harness/installation.js';
import { WorkerProcess } from './harness/worker-process.js';

const installation = useInstallation('crash');

async function expectWholeFile(desk: RenderDesk, id: string, bytes: number): Promise<void> {
  const file = await desk.openFile(id, 'audio');
  const read = Buffer.concat(await (await file.read()).toArray());
  expect(read.byteLength).toBe(bytes);
  expect(createHash('sha256').update(read).digest('hex')).toBe(file.sha256);
}

test('two worker processes share 40 renders, one is killed in the middle: all end, each once, every file whole', async () => {
  const { redis, folder, name } = installation;
  const desk = await installation.desk();
  const workers = await Promise.all([1, 2].map(() => WorkerProcess.start(redis.url, name, folder)));
  const [first, second] = workers as [WorkerProcess, WorkerProcess];
  try {
    const ids = await Promise.all(
      Array.from({ length: 40 }, async (_, at) => {
        const submission = burnSubmission({ title: `batch ${at}`, wallMs: 80, bytes: 20_000 });
        return (await desk.submit(submission)).render.id;
      }),
    );
    await until(
      async () => first.succeeded,
      (count) => count >= 8,
    );
    // In the middle of two renders.
    await until(
      async () => first.events.filter(({ kind }) => kind === 'started').length - first.succeeded,
      (count) => count > 0,
    );
    await first.kill();
    for (const id of ids) {
      expect((await ended(desk, id, 30)).status).toBe('succeeded');
      await expectWholeFile(desk, id, 20_000);
    }
    // What the dead one had published but could not say counts as found, so that every content was made once.
    const found = second.events.filter(({ outcome }) => outcome === 'found').length;
    expect(first.succeeded + second.succeeded).toBeGreaterThanOrEqual(40 - found);
    expect(first.succeeded + second.succeeded).toBeLessThanOrEqual(40);
    expect(second.succeeded).toBeGreaterThan(0);
  } finally {
    await second.close();
    await first.kill();
  }
  // A new worker clears away what the dead one left half made.
  const third = await WorkerProcess.start(redis.url, name, folder);
  await third.close();
  expect(await readdir(join(folder, 'work'))).toEqual([]);
});

test('a job that kills every worker is given up, and the others are made', async () => {
  const { redis, folder, name } = installation;
  const desk = await installation.desk();
  const poison = (await desk.submit(burnSubmission({ title: 'poison', wallMs: 600_000 }))).render.id;
  for (let kills = 0; kills < 3; kills++) {
    const worker = await WorkerProcess.start(redis.url, name, folder);
    await until(
      async () => worker.events.some(({ kind, renderIds }) => kind === 'started' && renderIds?.includes(poison)),
      (started) => started,
      30,
    );
    await worker.kill();
  }
  const last = await WorkerProcess.start(redis.url, name, folder);
  try {
    expect(await ended(desk, poison, 30)).toMatchObject({ status: 'failed', error: { code: 'render-crashed' } });
    const { id } = (await desk.submit(burnSubmission({ title: 'innocent' }))).render;
    expect((await ended(desk, id)).status).toBe('succeeded');
  } finally {
    await last.close();
  }
});

describe('Redis is killed in the middle and started again', () => {
  const server = findRedisServer(process.env);
  const embedded = findEmbeddedRedis();

  const scenario = async (start: (port: number) => Promise<RunningRedis>) => {
    const port = await freePort();
    let running = await start(port);
    const name = `${installation.name}-restart-${port}`;
    const desk = await installation.desk({ redisUrl: running.url, name });
    const worker = await WorkerProcess.start(running.url, name, installation.folder);
    try {
      const ids: string[] = [];
      for (let at = 0; at < 12; at++) {
        const submission = burnSubmission({ title: `restart ${port} ${at}`, wallMs: 150 });
        ids.push((await desk.submit(submission)).render.id);
      }
      await until(
        async () => worker.succeeded,
        (count) => count >= 2,
      );
      if (running.pid) process.kill(running.pid, 'SIGKILL');
      await running.ended;
      await expect(desk.capacity()).rejects.toMatchObject({ code: 'queue-unavailable' });
      await running.stop();
      running = await start(port);
      for (const id of ids) {
        const render = await until(
          () => desk.get(id).catch(() => null),
          (seen) => seen?.finishedAt != null,
          40,
        );
        expect(render?.status).toBe('succeeded');
      }
      await expect(desk.submit(burnSubmission({ title: `after ${port}` }))).resolves.toBeDefined();
    } finally {
      await worker.close();
      await desk.close();
      await running.stop();
    }
  };

  test('with its append-only file, on machines that have a server', async () => {
    const binary = await server;
    const folder = join(installation.folder, 'redis');
    await scenario((port) =>
      binary ? startRedisServer(binary, folder, port) : startEmbeddedRedis(embedded ?? '', port),
    );
  });

  test('without anything that it knew', async () => {
    const binary = await server;
    await scenario((port) =>
      embedded ? startEmbeddedRedis(embedded, port) : startRedisServer(binary ?? '', null, port),
    );
  });
});
