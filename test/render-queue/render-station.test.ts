import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { RenderChange, StationEvent } from '@musistrata/render-queue';
import { burnSubmission } from './harness/burn-score.js';
import { ended, until, useInstallation } from './harness/installation.js';

const installation = useInstallation('station');

async function open(options: Parameters<typeof installation.station>[0] = {}) {
  const events: StationEvent[] = [];
  const desk = await installation.desk();
  const station = await installation.station({ onEvent: (event) => events.push(event), ...options });
  const told = async () => events.flatMap((event) => (event.kind === 'ended' ? [event.outcome] : []));
  /** How runs have ended, once so many have; a station tells of an end just after Redis knows of it. */
  const outcomes = (count: number) => until(told, (seen) => seen.length >= count);
  return { desk, station, events, outcomes };
}

describe('a station', () => {
  test('renders what is queued, tells progress in seconds of audio, and publishes the whole file', async () => {
    const { desk, station, outcomes } = await open();
    const changes: RenderChange[] = [];
    const submission = burnSubmission({ title: 'progress', seconds: 60, wallMs: 1200, bytes: 200_000 });
    const { id } = (await desk.submit(submission)).render;
    desk.watch(id, (change) => changes.push(change));
    const render = await ended(desk, id);
    expect(render).toMatchObject({
      status: 'succeeded',
      cached: false,
      progress: { renderedSeconds: 60, totalSeconds: 60, fraction: 1 },
      audio: { url: `/v1/renders/${id}/audio`, bytes: 200_000, durationSeconds: 60, loudnessLufs: -16 },
    });
    await until(
      async () => changes.at(-1)?.render?.status,
      (status) => status === 'succeeded',
    );
    const rendered = changes.map((change) => change.render?.progress.renderedSeconds ?? 0);
    expect(rendered).toEqual([...rendered].sort((a, b) => a - b));
    expect(new Set(rendered).size).toBeGreaterThan(3);
    expect(changes.some((change) => change.render?.status === 'rendering')).toBe(true);
    expect(Date.parse(render.expiresAt ?? '') - Date.parse(render.finishedAt ?? '')).toBe(86_400_000);
    expect(await outcomes(1)).toEqual(['succeeded']);
    await station.close(5);
    expect(await readdir(join(installation.folder, 'work'))).toEqual([]);
  });

  test.each([
    ['small', 'a'],
    ['large', 'a'.repeat(50_000)],
  ])('keeps a %s score until its render has ended, and after a loss of Redis', async (size, title) => {
    const desk = await installation.desk();
    const submission = burnSubmission({ title: `${size} ${title}` });
    const { id } = (await desk.submit(submission)).render;
    expect(await desk.scoreOf(id)).toEqual(submission.bytes);
    const station = await installation.station();
    await ended(desk, id);
    await station.close(5);
    expect(await desk.scoreOf(id)).toEqual(submission.bytes);
    await installation.wipeRedis();
    expect(await desk.scoreOf(id)).toEqual(submission.bytes);
  });

  test('gives a finished equal render at once, also to those who ask at the same moment', async () => {
    const { desk, station, outcomes } = await open();
    const submission = burnSubmission({ title: 'once', wallMs: 200 });
    const first = await Promise.all(Array.from({ length: 5 }, () => desk.submit(submission)));
    const renders = await Promise.all(first.map(({ render }) => ended(desk, render.id)));
    expect(renders.every(({ status, cached }) => status === 'succeeded' && !cached)).toBe(true);
    const later = (await desk.submit(submission)).render;
    expect(later).toMatchObject({ status: 'succeeded', cached: true, audio: { sha256: renders[0]?.audio?.sha256 } });
    expect(await outcomes(1)).toEqual(['succeeded']);
    await station.close(5);
  });

  test('keeps the files as long as any render has them', async () => {
    const { desk, station } = await open();
    const caretaker = await installation.caretaker();
    const submission = burnSubmission({ title: 'kept' });
    const first = await ended(desk, (await desk.submit(submission)).render.id);
    const second = (await desk.submit(submission)).render;
    await until(
      () => installation.redis.client.exists(`${installation.prefix}:index`),
      (there) => there === 1,
    );
    await desk.remove(first.id);
    const { key } = await desk.openFile(second.id, 'audio');
    expect(await installation.store.stat(key)).not.toBeNull();
    await desk.remove(second.id);
    expect(await installation.store.stat(key)).toBeNull();
    expect((await desk.submit(submission)).render.status).toBe('queued');
    await caretaker.close();
    await station.close(5);
  });

  test('stops computing when a rendering job is canceled, for good', async () => {
    const { desk, station, outcomes } = await open();
    // Would keep a core busy for ten minutes if it were not stopped.
    const { id } = (await desk.submit(burnSubmission({ title: 'endless', wallMs: 600_000 }))).render;
    await until(
      () => desk.get(id),
      (render) => render.status === 'rendering',
    );
    expect((await desk.cancel(id)).status).toBe('canceled');
    await until(
      async () => station.running,
      (running) => running === 0,
    );
    expect(await outcomes(1)).toEqual(['canceled']);
    expect((await desk.get(id)).status).toBe('canceled');
    await station.close(5);
  });

  test('finds out about a cancel whose message was lost', async () => {
    const { desk, station } = await open();
    const { id } = (await desk.submit(burnSubmission({ title: 'lost message', wallMs: 60_000 }))).render;
    await until(
      () => desk.get(id),
      (render) => render.status === 'rendering',
    );
    // As a cancel would do, but without the message.
    const { client } = installation.redis;
    const content = await client.hget(`${installation.prefix}:render:${id}`, 'content');
    await client.hset(`${installation.prefix}:content:${content}`, 'status', 'idle');
    await until(
      async () => station.running,
      (running) => running === 0,
    );
    await client.hset(`${installation.prefix}:content:${content}`, 'status', 'rendering');
    await desk.cancel(id);
    await station.close(5);
  });

  test('goes on with a shared job when one of its renders is canceled', async () => {
    const { desk, station } = await open();
    const submission = burnSubmission({ title: 'two of us', wallMs: 600 });
    const first = (await desk.submit(submission)).render;
    const second = (await desk.submit(submission)).render;
    await until(
      () => desk.get(first.id),
      (render) => render.status === 'rendering',
    );
    await desk.cancel(first.id);
    expect((await ended(desk, second.id)).status).toBe('succeeded');
    expect((await desk.get(first.id)).status).toBe('canceled');
    await station.close(5);
  });

  test('tries faults again, and gives up with a stable code', async () => {
    const { desk, station, outcomes } = await open();
    const submission = burnSubmission({ title: 'faulty', fault: 'the disk is on fire' });
    const { id } = (await desk.submit(submission)).render;
    const render = await ended(desk, id, 20);
    expect(render).toMatchObject({ status: 'failed', audio: null, error: { code: 'render-failed' } });
    expect(render.error?.message).not.toContain('fire');
    expect(await outcomes(3)).toEqual(['retried', 'retried', 'failed']);
    await station.close(5);
  });

  test('does not try again what is refused', async () => {
    const { desk, station, outcomes } = await open();
    const { id } = (await desk.submit(burnSubmission({ title: 'refused', refusal: 'unknown-instrument' }))).render;
    const render = await ended(desk, id);
    expect(render).toMatchObject({ status: 'failed', error: { code: 'unknown-instrument' } });
    expect(await outcomes(1)).toEqual(['refused']);
    await station.close(5);
  });

  test('finishes what it has begun when it is closed', async () => {
    const { desk, station, outcomes } = await open();
    const { id } = (await desk.submit(burnSubmission({ title: 'drain', wallMs: 500 }))).render;
    await until(
      () => desk.get(id),
      (render) => render.status === 'rendering',
    );
    await station.close(10);
    expect((await desk.get(id)).status).toBe('succeeded');
    expect(await outcomes(1)).toEqual(['succeeded']);
  });

  test('hands over what it cannot finish in time, without using up an attempt', async () => {
    const { desk, station, outcomes } = await open();
    const { id } = (await desk.submit(burnSubmission({ title: 'handed over', wallMs: 1500 }))).render;
    await until(
      () => desk.get(id),
      (render) => render.status === 'rendering',
    );
    await station.close(0.1);
    expect(await outcomes(1)).toEqual(['handed-over']);
    expect((await desk.get(id)).status).toBe('queued');
    const second = await open();
    expect((await ended(desk, id)).status).toBe('succeeded');
    expect(second.events[0]).toMatchObject({ kind: 'started', attempt: 1 });
    await second.station.close(5);
  });

  test('survives a listener that throws', async () => {
    const { desk, station } = await open({
      onEvent: () => {
        throw new Error('a listener at fault');
      },
    });
    const { id } = (await desk.submit(burnSubmission({ title: 'listener' }))).render;
    desk.watch(id, () => {
      throw new Error('another one');
    });
    expect((await ended(desk, id)).status).toBe('succeeded');
    expect(installation.faults.filter(({ where }) => where === 'listener').length).toBeGreaterThanOrEqual(2);
    await station.close(5);
  });
});

describe('watch', () => {
  test('tells once what was missed since an event, and nothing when nothing was', async () => {
    const { desk, station } = await open();
    const { id } = (await desk.submit(burnSubmission({ title: 'resume', wallMs: 300 }))).render;
    const changes: RenderChange[] = [];
    const stop = desk.watch(id, (change) => changes.push(change));
    await ended(desk, id);
    await until(
      async () => changes.at(-1)?.render?.status,
      (status) => status === 'succeeded',
    );
    stop();
    const missed: RenderChange[] = [];
    desk.watch(id, (change) => missed.push(change), { after: changes[0]?.eventId ?? '' });
    await until(
      async () => missed.length,
      (length) => length > 0,
    );
    expect(missed).toHaveLength(1);
    expect(missed[0]).toMatchObject({ kind: 'status', eventId: changes.at(-1)?.eventId, render: { id } });
    const nothing: RenderChange[] = [];
    desk.watch(id, (change) => nothing.push(change), { after: changes.at(-1)?.eventId ?? '' });
    await desk.capacity();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(nothing).toEqual([]);
    await station.close(5);
  });

  test('tells the present state to who was away for longer than changes are kept', async () => {
    const desk = await installation.desk();
    const { id } = (await desk.submit(burnSubmission({ title: 'long away' }))).render;
    const first: RenderChange[] = [];
    const stop = desk.watch(id, (change) => first.push(change));
    await desk.cancel(id);
    await until(
      async () => first.length,
      (length) => length > 0,
    );
    stop();
    await installation.redis.client.xtrim(`${installation.prefix}:events`, 'MAXLEN', 0);
    const missed: RenderChange[] = [];
    desk.watch(id, (change) => missed.push(change), { after: '1-0' });
    await until(
      async () => missed.length,
      (length) => length > 0,
    );
    expect(missed).toMatchObject([{ kind: 'status', render: { status: 'canceled' } }]);
  });

  test('keeps fewer changes when each is of many equal renders, so that Redis does not fill up', async () => {
    const desk = await installation.desk();
    const key = `${installation.prefix}:events`;
    const pipeline = installation.redis.client.pipeline();
    for (let count = 0; count < 9000; count++) pipeline.xadd(key, '*', 'kind', 'progress', 'renders', 'somebody');
    await pipeline.exec();
    const submission = burnSubmission({ title: 'sixty equal ones' });
    const submitted = await Promise.all(Array.from({ length: 60 }, () => desk.submit(submission)));
    const station = await installation.station();
    await Promise.all(submitted.map(({ render }) => ended(desk, render.id)));
    expect(await installation.redis.client.xlen(key)).toBeLessThan(4500);
    await station.close(5);
  });

  test('tells every watcher of a render, and that it was deleted', async () => {
    const desk = await installation.desk();
    const { id } = (await desk.submit(burnSubmission({ title: 'watched' }))).render;
    const kinds = Array.from({ length: 500 }, () => [] as string[]);
    for (const own of kinds) desk.watch(id, (change) => own.push(change.kind));
    await desk.remove(id);
    await until(
      async () => kinds.filter((own) => own.at(-1) === 'gone').length,
      (count) => count === 500,
    );
  });
});
