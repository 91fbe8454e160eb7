import { describe, expect, test } from '@jest/globals';
import {
  IdempotencyConflictError,
  isRenderId,
  QueueFullError,
  RenderFileNotFoundError,
  RenderGoneError,
  RenderNotFoundError,
  RenderNotReadyError,
  renderSchema,
  TenantBusyError,
} from '@musistrata/render-queue';
import { burnSubmission } from './harness/burn-score.js';
import { useInstallation } from './harness/installation.js';

const installation = useInstallation('desk');

describe('submit', () => {
  test('answers with a queued render of the published shape', async () => {
    const desk = await installation.desk();
    const { render, replayed } = await desk.submit(burnSubmission({ title: 'shape' }, { metadata: { song: '1' } }));
    expect(renderSchema.parse(render)).toEqual(render);
    expect(replayed).toBe(false);
    expect(isRenderId(render.id)).toBe(true);
    expect(render).toMatchObject({ status: 'queued', queuePosition: 0, audio: null, metadata: { song: '1' } });
    expect(render.progress).toEqual({ renderedSeconds: 0, totalSeconds: 10, fraction: 0 });
    expect(await desk.get(render.id)).toEqual(render);
  });

  test('answers with the place in the queue that the render has there', async () => {
    const desk = await installation.desk();
    const submit = (title: string, tenant: string) => desk.submit(burnSubmission({ title }, { tenant }));
    for (const title of ['p1', 'p2', 'p3']) await submit(title, 'many');
    for (const [title, tenant] of [
      ['p4', 'few'],
      ['p5', 'many'],
      ['p6', 'others'],
    ] as const) {
      const { render } = await submit(title, tenant);
      expect(render.queuePosition).toBeGreaterThan(0);
      expect(await desk.get(render.id)).toEqual(render);
    }
  });

  test('makes one job of equal renders, and different jobs of different options', async () => {
    const desk = await installation.desk();
    const before = (await desk.capacity()).waiting;
    const equal = await Promise.all(Array.from({ length: 8 }, () => desk.submit(burnSubmission({ title: 'equal' }))));
    expect(new Set(equal.map(({ render }) => render.id)).size).toBe(8);
    expect((await desk.capacity()).waiting).toBe(before + 1);
    await desk.submit(burnSubmission({ title: 'equal' }, { options: { transpose: 1 } }));
    await desk.submit(burnSubmission({ title: 'equal' }, { soundIdentity: 'another font' }));
    expect((await desk.capacity()).waiting).toBe(before + 3);
  });

  test('refuses more than it lets wait, and leaves nothing of what it refused', async () => {
    const desk = await installation.desk({ maxQueued: 1 });
    const openBefore = await count(installation.store.list('renders/open/'));
    const refused = await desk.submit(burnSubmission({ title: 'too many' })).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(QueueFullError);
    expect((refused as QueueFullError).retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(await count(installation.store.list('renders/open/'))).toBe(openBefore);
    // What waits already costs nothing more.
    await desk.submit(burnSubmission({ title: 'equal' }));
  });

  test('does not let equal renders pile up without end either', async () => {
    const desk = await installation.desk({ maxQueued: 1 });
    const key = `${installation.prefix}:list:queued`;
    // As if so many were there: each costs a record in Redis and in the storage.
    const others = Array.from({ length: 10_001 }, (_, at) => `other-${at}`);
    await installation.redis.client.zadd(key, ...others.flatMap((id) => ['0', id]));
    await expect(desk.submit(burnSubmission({ title: 'equal' }))).rejects.toBeInstanceOf(QueueFullError);
    await installation.redis.client.zrem(key, ...others);
    await desk.submit(burnSubmission({ title: 'equal' }));
  });

  test('limits the unfinished renders of one tenant only', async () => {
    const desk = await installation.desk({ tenantMaxUnfinished: 2 });
    const submit = (title: string, tenant: string) => desk.submit(burnSubmission({ title }, { tenant }));
    await submit('t1', 'greedy');
    const second = await submit('t2', 'greedy');
    await expect(submit('t3', 'greedy')).rejects.toBeInstanceOf(TenantBusyError);
    await submit('t3', 'modest');
    await desk.cancel(second.render.id);
    await submit('t3', 'greedy');
  });
});

describe('Idempotency-Key', () => {
  const idempotency = { key: 'order 7', fingerprint: 'f1' };

  test('gives the first render again', async () => {
    const desk = await installation.desk();
    const first = await desk.submit(burnSubmission({ title: 'idem' }, { idempotency }));
    const again = await desk.submit(burnSubmission({ title: 'idem' }, { idempotency }));
    expect(again).toEqual({ render: first.render, replayed: true });
    const other = await desk.submit(burnSubmission({ title: 'idem' }, { idempotency, tenant: 'tenant-b' }));
    expect(other.render.id).not.toBe(first.render.id);
  });

  test('must not stand for another request', async () => {
    const desk = await installation.desk();
    const reused = burnSubmission({ title: 'idem' }, { idempotency: { ...idempotency, fingerprint: 'f2' } });
    await expect(desk.submit(reused)).rejects.toBeInstanceOf(IdempotencyConflictError);
  });

  test('is free again when the request was refused', async () => {
    const full = await installation.desk({ maxQueued: 1 });
    const submission = burnSubmission({ title: 'later' }, { idempotency: { key: 'later', fingerprint: 'f' } });
    await expect(full.submit(submission)).rejects.toBeInstanceOf(QueueFullError);
    const desk = await installation.desk();
    expect((await desk.submit(submission)).replayed).toBe(false);
  });

  test('makes one render of simultaneous requests', async () => {
    const desk = await installation.desk();
    const claim = { key: 'at once', fingerprint: 'f' };
    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => desk.submit(burnSubmission({ title: 'at once' }, { idempotency: claim }))),
    );
    const ids = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.render.id] : []));
    const codes = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []));
    expect(new Set(ids).size).toBe(1);
    expect(codes.every((code) => code === 'idempotency-key-in-use')).toBe(true);
    expect(ids.length + codes.length).toBe(10);
  });
});

describe('list', () => {
  test('pages through everything, newest first, without gaps or repeats', async () => {
    const desk = await installation.desk();
    const tenant = 'lister';
    const ids: string[] = [];
    for (let at = 0; at < 7; at++)
      ids.push((await desk.submit(burnSubmission({ title: `list ${at}` }, { tenant }))).render.id);
    await desk.cancel(ids[2] ?? '');
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await desk.list({ tenant, limit: 3, cursor });
      seen.push(...page.renders.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor);
    expect(seen).toEqual([...ids].sort().reverse());
    expect((await desk.list({ tenant, status: 'canceled' })).renders.map(({ id }) => id)).toEqual([ids[2]]);
    expect((await desk.list({ tenant: 'nobody' })).renders).toEqual([]);
  });
});

describe('cancel', () => {
  test('ends a waiting render for good and takes its job away', async () => {
    const desk = await installation.desk();
    const { id } = (await desk.submit(burnSubmission({ title: 'cancel me' }))).render;
    const waiting = (await desk.capacity()).waiting;
    const canceled = await desk.cancel(id);
    expect(canceled).toMatchObject({ status: 'canceled', queuePosition: null, error: { code: 'canceled' } });
    expect((await desk.capacity()).waiting).toBe(waiting - 1);
    expect(await desk.cancel(id)).toEqual(canceled);
  });

  test('leaves the other render of a shared job alone', async () => {
    const desk = await installation.desk();
    const first = (await desk.submit(burnSubmission({ title: 'shared' }))).render;
    const second = (await desk.submit(burnSubmission({ title: 'shared' }))).render;
    const waiting = (await desk.capacity()).waiting;
    expect((await desk.cancel(first.id)).status).toBe('canceled');
    expect((await desk.get(second.id)).status).toBe('queued');
    expect((await desk.capacity()).waiting).toBe(waiting);
  });

  test('of the only render lets an equal one start anew', async () => {
    const desk = await installation.desk();
    const first = (await desk.submit(burnSubmission({ title: 'anew' }))).render;
    await desk.cancel(first.id);
    const second = (await desk.submit(burnSubmission({ title: 'anew' }))).render;
    expect(second).toMatchObject({ status: 'queued', queuePosition: expect.any(Number) });
  });
});

describe('an id', () => {
  test.each(['', '../../etc/passwd', '01m824260x4hvxs4695372s15', 'x'.repeat(26), '01m824260x4hvxs4695372s15/'])(
    'that no render can have is not found: %j',
    async (id) => {
      const desk = await installation.desk();
      await expect(desk.get(id)).rejects.toBeInstanceOf(RenderNotFoundError);
      await expect(desk.cancel(id)).rejects.toBeInstanceOf(RenderNotFoundError);
      await expect(desk.openFile(id, 'audio')).rejects.toBeInstanceOf(RenderNotFoundError);
    },
  );

  test('of a removed render is gone', async () => {
    const desk = await installation.desk();
    const { id } = (await desk.submit(burnSubmission({ title: 'removed' }))).render;
    await desk.remove(id);
    await expect(desk.get(id)).rejects.toBeInstanceOf(RenderGoneError);
    await desk.remove(id);
  });
});

describe('openFile', () => {
  test('refuses while there are no files', async () => {
    const desk = await installation.desk();
    const { id } = (await desk.submit(burnSubmission({ title: 'no file yet' }))).render;
    await expect(desk.openFile(id, 'audio')).rejects.toMatchObject({ status: 'queued', code: 'render-not-ready' });
    await desk.cancel(id);
    await expect(desk.openFile(id, 'audio')).rejects.toBeInstanceOf(RenderNotReadyError);
  });

  test('streams the audio, whole and in part, and knows what is missing', async () => {
    const desk = await installation.desk();
    const station = await installation.station();
    const { id } = (await desk.submit(burnSubmission({ title: 'file', bytes: 5000 }))).render;
    while ((await desk.get(id)).status !== 'succeeded') await new Promise((resolve) => setTimeout(resolve, 20));
    const file = await desk.openFile(id, 'audio');
    expect(file).toMatchObject({ bytes: 5000, contentType: 'audio/wav', extension: 'wav' });
    expect(file.sha256).toBe((await desk.get(id)).audio?.sha256);
    const whole = Buffer.concat(await (await file.read()).toArray());
    expect(whole).toEqual(Buffer.alloc(5000, 'file'));
    const part = Buffer.concat(await (await file.read({ start: 10, end: 19 })).toArray());
    expect(part).toEqual(whole.subarray(10, 20));
    await expect(desk.openFile(id, { stem: 0 })).rejects.toBeInstanceOf(RenderFileNotFoundError);
    await expect(desk.openFile(id, 'timing')).rejects.toBeInstanceOf(RenderFileNotFoundError);
    await station.close(5);
  });
});

describe('health', () => {
  test('tells what answers and whether anybody renders', async () => {
    const desk = await installation.desk();
    expect(await desk.health()).toEqual({ redis: true, storage: true, stations: 0, stranded: 0 });
    const station = await installation.station({ slots: 3 });
    expect((await desk.capacity()).slots).toBe(3);
    expect((await desk.health()).stations).toBe(1);
    await station.close(5);
    expect((await desk.health()).stations).toBe(0);
  });
});

async function count(items: AsyncIterable<unknown>): Promise<number> {
  let size = 0;
  for await (const _ of items) size++;
  return size;
}
