import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FolderBlobStore } from '@musistrata/blob-store';
import { QueueUnavailableError } from '@musistrata/render-queue';
import { burnSubmission } from './harness/burn-score.js';
import { ended, until, useInstallation } from './harness/installation.js';

const installation = useInstallation('lost-answers');
let proxy: Server;
/** How many connections are to be cut as soon as Redis has answered on them. */
let cuts = 0;

/** A way to Redis that lets every request through, but loses answers when it is told to. */
beforeAll(async () => {
  const { hostname, port } = new URL(installation.redis.url);
  proxy = createServer((client: Socket) => {
    const server = connect(Number(port), hostname);
    for (const socket of [client, server]) socket.on('error', () => undefined);
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    client.pipe(server);
    server.on('data', (answer) => {
      if (cuts > 0 && /\b(new|known|joined|cached)\b/.test(answer.toString('latin1'))) {
        cuts--;
        client.destroy();
      } else client.write(answer);
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
});

afterAll(() => {
  proxy.close();
});

function deskBehindProxy() {
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return installation.desk({ redisUrl: `redis://127.0.0.1:${address.port}` });
}

async function open(): Promise<number> {
  let count = 0;
  for await (const { key } of installation.store.list('renders/open/')) if (key) count++;
  return count;
}

describe('a submission whose answer from Redis is lost', () => {
  test('once must be taken in all the same, and have its job at once', async () => {
    const desk = await deskBehindProxy();
    cuts = 1;
    const { render } = await desk.submit(burnSubmission({ title: 'asked again' }));
    expect(cuts).toBe(0);
    expect(render).toMatchObject({ status: 'queued', queuePosition: 0 });
    await desk.cancel(render.id);
  });

  test('for good must be refused, and be the same render when it comes again under its Idempotency-Key', async () => {
    const desk = await deskBehindProxy();
    const submission = burnSubmission({ title: 'twice' }, { idempotency: { key: 'lost', fingerprint: 'f' } });
    cuts = Number.POSITIVE_INFINITY;
    await expect(desk.submit(submission)).rejects.toBeInstanceOf(QueueUnavailableError);
    cuts = 0;
    const again = await until(
      () => desk.submit(submission).catch(() => null),
      (submitted) => submitted !== null,
    );
    expect(again?.replayed).toBe(true);
    expect((await desk.list({ status: 'queued' })).renders.map(({ id }) => id)).toEqual([again?.render.id]);
    // What Redis and the storage say now is put together by recovery; nothing of it may be given up.
    const station = await installation.station();
    const caretaker = await installation.caretaker({ recoverySeconds: 0.1 });
    expect(await ended(desk, again?.render.id ?? '')).toMatchObject({ status: 'succeeded', error: null });
    await caretaker.close();
    await station.close(5);
  });

  test('for good must leave nothing to be made when it has no key', async () => {
    const desk = await deskBehindProxy();
    const before = await open();
    cuts = Number.POSITIVE_INFINITY;
    await expect(desk.submit(burnSubmission({ title: 'no key' }))).rejects.toBeInstanceOf(QueueUnavailableError);
    cuts = 0;
    expect(await open()).toBe(before);
  });
});

describe('a submission whose record the storage could not keep', () => {
  test('must not be made by recovery although its file is there', async () => {
    const { folder } = installation.store as FolderBlobStore;
    const failing = new (class extends FolderBlobStore {
      override async put(key: string, bytes: Uint8Array): Promise<void> {
        await super.put(key, bytes);
        if (key.startsWith('renders/open/')) throw Object.assign(new Error('flush failed'), { code: 'EIO' });
      }
    })({ folder, flush: false });
    const desk = await installation.desk({ store: failing });
    const before = await open();
    await expect(desk.submit(burnSubmission({ title: 'not flushed' }))).rejects.toMatchObject({ code: 'EIO' });
    expect(await open()).toBe(before);
  });
});
