import { describe, expect, test } from '@jest/globals';
import type { BlobStore } from '@musistrata/blob-store';
import { type RenderDesk, RenderGoneError, type StationEvent } from '@musistrata/render-queue';
import { burnSubmission } from './harness/burn-score.js';
import { ended, until, useInstallation } from './harness/installation.js';

const installation = useInstallation('recovery');
const { redis } = installation;
const quick = { recoverySeconds: 0.2 };

async function submitted(desk: RenderDesk, title: string, extra: Parameters<typeof burnSubmission>[1] = {}) {
  return (await desk.submit(burnSubmission({ title }, extra))).render;
}

async function content(id: string): Promise<string> {
  return (await redis.client.hget(`${installation.prefix}:render:${id}`, 'content')) ?? '';
}

/** Takes the job of a render out of the queue, as if it had never been added. */
async function loseJob(desk: Awaited<ReturnType<typeof installation.desk>>, id: string): Promise<void> {
  const key = await content(id);
  const run = await redis.client.hget(`${installation.prefix}:content:${key}`, 'run');
  expect(await desk.queue.remove(`${key}-${run}`)).toBe(1);
}

function succeeded(events: readonly StationEvent[]): number {
  return events.filter((event) => event.kind === 'ended' && event.outcome === 'succeeded').length;
}

describe('when Redis has lost everything', () => {
  test('every render is there again: unfinished ones are made, finished ones served, keys remembered', async () => {
    const desk = await installation.desk();
    const idempotency = { key: 'survivor', fingerprint: 'f' };
    let station = await installation.station();
    const done = await submitted(desk, 'done before', { idempotency, metadata: { a: 'b' } });
    const before = await ended(desk, done.id);
    const canceled = await submitted(desk, 'canceled before');
    await desk.cancel(canceled.id);
    await station.close(5);
    const waiting = await Promise.all(['w1', 'w2', 'w3'].map((title) => submitted(desk, title)));

    await installation.wipeRedis();
    // Even before recovery nothing seems lost.
    expect(await desk.get(done.id)).toEqual(before);
    expect((await desk.get(waiting[0]?.id ?? '')).status).toBe('queued');

    const events: StationEvent[] = [];
    station = await installation.station({ onEvent: (event) => events.push(event) });
    const caretaker = await installation.caretaker(quick);
    for (const { id } of waiting) expect(await ended(desk, id)).toMatchObject({ status: 'succeeded', cached: false });
    // A station tells of an end just after Redis knows of it.
    expect(
      await until(
        async () => succeeded(events),
        (count) => count >= 3,
      ),
    ).toBe(3);
    const all = await until(
      () => desk.list({}),
      (page) => page.renders.length === 5,
    );
    expect(all.renders.find(({ id }) => id === done.id)).toEqual(before);
    expect((await desk.get(canceled.id)).status).toBe('canceled');
    expect(await (await desk.openFile(done.id, 'audio')).read()).toBeDefined();
    const again = await desk.submit(burnSubmission({ title: 'done before' }, { idempotency, metadata: { a: 'b' } }));
    expect(again).toMatchObject({ replayed: true, render: { id: done.id } });
    await caretaker.close();
    await station.close(5);
  });

  test('while a job is under way, its render still ends, once', async () => {
    const desk = await installation.desk();
    const events: StationEvent[] = [];
    const station = await installation.station({ onEvent: (event) => events.push(event) });
    const { id } = (await desk.submit(burnSubmission({ title: 'under way', wallMs: 700 }))).render;
    await until(
      () => desk.get(id),
      (render) => render.status === 'rendering',
    );
    await installation.wipeRedis();
    const caretaker = await installation.caretaker(quick);
    expect(await ended(desk, id)).toMatchObject({ status: 'succeeded' });
    await caretaker.close();
    await station.close(5);
  });

  test('a render canceled meanwhile stays canceled', async () => {
    const desk = await installation.desk();
    const { id } = await submitted(desk, 'canceled meanwhile');
    await installation.wipeRedis();
    expect((await desk.cancel(id)).status).toBe('canceled');
    const caretaker = await installation.caretaker(quick);
    const station = await installation.station();
    const other = await submitted(desk, 'something else');
    await ended(desk, other.id);
    expect((await desk.get(id)).status).toBe('canceled');
    await caretaker.close();
    await station.close(5);
  });
});

describe('when a process died', () => {
  test('between writing the request and enqueueing it, the render is enqueued', async () => {
    // A desk whose process stands still for ever right after the request has been written.
    const stuck = new Proxy(installation.store, {
      get(store: BlobStore, name) {
        if (name !== 'put') {
          const member: unknown = Reflect.get(store, name);
          return typeof member === 'function' ? member.bind(store) : member;
        }
        return async (key: string, bytes: Uint8Array) => {
          await store.put(key, bytes);
          if (key.startsWith('renders/open/')) await new Promise(() => undefined);
        };
      },
    });
    const dying = await installation.desk({ store: stuck });
    void dying.submit(burnSubmission({ title: 'accepted, not enqueued' }));
    const key = await until(
      async () => {
        for await (const blob of installation.store.list('renders/open/')) return blob.key;
        return null;
      },
      (found) => found !== null,
    );
    const id = /([^/]*)\.json$/.exec(key ?? '')?.[1] ?? '';
    const desk = await installation.desk();
    const caretaker = await installation.caretaker(quick);
    const station = await installation.station();
    expect((await ended(desk, id)).status).toBe('succeeded');
    await caretaker.close();
    await station.close(5);
  });

  test('between joining and adding the job, the job is added', async () => {
    const desk = await installation.desk();
    const { id } = await submitted(desk, 'job lost');
    await loseJob(desk, id);
    const station = await installation.station();
    const caretaker = await installation.caretaker(quick);
    expect((await ended(desk, id)).status).toBe('succeeded');
    await caretaker.close();
    await station.close(5);
  });

  test('between publishing the files and saying so, they are found and not made again', async () => {
    const desk = await installation.desk();
    let station = await installation.station();
    const first = await ended(desk, (await submitted(desk, 'published')).id);
    await station.close(5);
    await installation.wipeRedis();
    // The manifest is there; neither the index nor this render know of it.
    const events: StationEvent[] = [];
    const open = JSON.parse(String(await installation.store.get(`renders/ended/${first.id}.json`))).request;
    await installation.store.put(`renders/open/${first.id}.json`, Buffer.from(JSON.stringify(open)));
    await installation.store.delete(`renders/ended/${first.id}.json`);
    station = await installation.station({ onEvent: (event) => events.push(event) });
    const caretaker = await installation.caretaker(quick);
    expect(await ended(desk, first.id)).toMatchObject({ status: 'succeeded', cached: false, audio: first.audio });
    expect(succeeded(events)).toBe(0);
    await caretaker.close();
    await station.close(5);
  });

  test('between ending a render and writing that down, it is written down', async () => {
    const desk = await installation.desk();
    const { id } = await submitted(desk, 'not written');
    const open = await installation.store.get(`renders/open/${id}.json`);
    await desk.cancel(id);
    await installation.store.put(`renders/open/${id}.json`, open ?? Buffer.alloc(0));
    await installation.store.delete(`renders/ended/${id}.json`);
    const caretaker = await installation.caretaker(quick);
    await until(
      () => installation.store.get(`renders/open/${id}.json`),
      (there) => there === null,
    );
    const record = JSON.parse(String(await installation.store.get(`renders/ended/${id}.json`)));
    expect(record.ending.status).toBe('canceled');
    await caretaker.close();
  });
});

test('a render that is deleted while its end is being written down leaves no record of it', async () => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow = new Proxy(installation.store, {
    get(store: BlobStore, name) {
      const member: unknown = Reflect.get(store, name);
      if (name !== 'put') return typeof member === 'function' ? member.bind(store) : member;
      return async (key: string, bytes: Uint8Array) => {
        if (key.startsWith('renders/ended/')) await released;
        await store.put(key, bytes);
      };
    },
  });
  const desk = await installation.desk();
  const station = await installation.station({ store: slow });
  const { id } = await submitted(desk, 'deleted at its end');
  await ended(desk, id);
  await desk.remove(id);
  release();
  await station.close(5);
  for (const record of ['ended', 'open'])
    expect(await installation.store.get(`renders/${record}/${id}.json`)).toBeNull();
  await expect(desk.get(id)).rejects.toBeInstanceOf(RenderGoneError);
});

test('when Redis went back in time, the end that was written down counts', async () => {
  const desk = await installation.desk();
  const { id } = await submitted(desk, 'back in time');
  const { prefix } = installation;
  const key = await content(id);
  const names = ['render:', 'content:', 'live:'].map((name) => `${prefix}:${name}${name === 'render:' ? id : key}`);
  const dumps = await Promise.all(names.map((name) => redis.client.dumpBuffer(name)));
  await desk.cancel(id);
  // The index as it was before the cancel.
  for (const [at, name] of names.entries()) await redis.client.restore(name, 0, dumps[at] ?? '', 'REPLACE');
  await redis.client.zrem(`${prefix}:list:canceled`, id);
  await redis.client.zadd(`${prefix}:list:queued`, 0, id);
  expect((await desk.get(id)).status).toBe('queued');
  const caretaker = await installation.caretaker(quick);
  await until(
    () => desk.get(id),
    (render) => render.status === 'canceled',
  );
  await caretaker.close();
});

describe('time', () => {
  test('a render that has not ended at its deadline is canceled', async () => {
    const desk = await installation.desk();
    const caretaker = await installation.caretaker();
    const submission = burnSubmission({ title: 'deadline' }, { cancelAfterSeconds: 1 });
    const { id } = (await desk.submit(submission)).render;
    expect(await ended(desk, id)).toMatchObject({ status: 'canceled', error: { code: 'deadline-exceeded' } });
    await caretaker.close();
  });

  test('an expired render is gone, with its files', async () => {
    const desk = await installation.desk();
    const caretaker = await installation.caretaker();
    const station = await installation.station();
    const { id } = (await desk.submit(burnSubmission({ title: 'expires' }, { ttlSeconds: 1 }))).render;
    await ended(desk, id);
    const { key } = await desk.openFile(id, 'audio');
    await until(
      () => desk.get(id).catch((error: unknown) => error),
      (seen) => seen instanceof RenderGoneError,
    );
    await until(
      () => installation.store.stat(key),
      (found) => found === null,
    );
    expect(await installation.store.get(`renders/ended/${id}.json`)).toBeNull();
    // Also when Redis has forgotten: the storage remembers for a while that there was one.
    await redis.client.del(`${installation.prefix}:gone:${id}`);
    await expect(desk.get(id)).rejects.toBeInstanceOf(RenderGoneError);
    await caretaker.close();
    await station.close(5);
  });

  test('the oldest renders go when the files need more room than there is', async () => {
    const desk = await installation.desk();
    const station = await installation.station();
    const ids: string[] = [];
    for (const title of ['old', 'older than new', 'new']) {
      const { id } = (await desk.submit(burnSubmission({ title, bytes: 100_000 }))).render;
      await ended(desk, id);
      ids.push(id);
    }
    const caretaker = await installation.caretaker({ maxStoredBytes: 250_000 });
    await until(
      () => desk.capacity(),
      ({ storedBytes }) => storedBytes <= 250_000,
    );
    await expect(desk.get(ids[0] ?? '')).rejects.toBeInstanceOf(RenderGoneError);
    expect((await desk.get(ids[2] ?? '')).status).toBe('succeeded');
    await caretaker.close();
    await station.close(5);
  });
});

test('of several caretakers one works, and another goes on when it leaves', async () => {
  const desk = await installation.desk();
  const done: string[] = [];
  const open = (name: string) => installation.caretaker({ ...quick, onWork: () => done.push(name) });
  const caretakers = { first: await open('first'), second: await open('second') };
  const mend = async (title: string) => {
    const { id } = await submitted(desk, title);
    const before = done.length;
    await loseJob(desk, id);
    await until(
      async () => done.length,
      (length) => length > before,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(done.length).toBe(before + 1);
    await desk.cancel(id);
    return done.at(-1) === 'first' ? 'first' : 'second';
  };
  const leader = await mend('leader works');
  await caretakers[leader].close();
  expect(await mend('successor works')).not.toBe(leader);
});
