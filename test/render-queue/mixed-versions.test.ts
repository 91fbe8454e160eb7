import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Recovery, RenderDesk, RenderJobRunner } from '@musistrata/render-queue';
import { burnSubmission } from './harness/burn-score.js';
import { ended, until, useInstallation } from './harness/installation.js';

const installation = useInstallation('mixed-versions');

/** Writes the version of the engine that rendered into the file. */
const runnerOf =
  (version: string): RenderJobRunner =>
  async ({ outputFolder }) => {
    const path = join(outputFolder, 'out.wav');
    await writeFile(path, `by ${version}`);
    const audio = { path, contentType: 'audio/wav', durationSeconds: 1, sampleRate: 44100, channels: 2, bitDepth: 24 };
    const silent = { peakDbtp: null, loudnessLufs: null };
    return { audio: { ...audio, ...silent }, stems: null, timing: null, peaks: null, warnings: [] };
  };
const station = (version: string) => installation.station({ engineVersion: version, runner: runnerOf(version) });

async function audioOf(desk: RenderDesk, id: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await (await desk.openFile(id, 'audio')).read()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('workers of two engine versions', () => {
  test('take jobs of their own version only', async () => {
    const [older, newer] = [
      await installation.desk({ engineVersion: 'a1' }),
      await installation.desk({ engineVersion: 'a2' }),
    ];
    const stations = [await station('a1'), await station('a2')];
    for (let at = 0; at < 6; at++) {
      const submission = burnSubmission({ title: `own ${at}` });
      const [one, two] = [await older.submit(submission), await newer.submit(submission)];
      await Promise.all([ended(older, one.render.id), ended(newer, two.render.id)]);
      expect([await audioOf(older, one.render.id), await audioOf(older, two.render.id)]).toEqual(['by a1', 'by a2']);
    }
    await Promise.all(stations.map((each) => each.close(1)));
  });

  test('leave a job of a third one alone, which shows until its worker comes', async () => {
    const desk = await installation.desk({ engineVersion: 'b3' });
    const stranger = await station('b1');
    const { render } = await desk.submit(burnSubmission({ title: 'stranded' }));
    await until(
      () => desk.capacity(),
      ({ queues }) => queues['jobs-b1']?.stations === 1,
    );
    expect(await desk.capacity()).toMatchObject({
      stations: 1,
      waiting: 1,
      stranded: 1,
      queues: { 'jobs-b1': { stations: 1, slots: 2, waiting: 0 }, 'jobs-b3': { stations: 0, slots: 0, waiting: 1 } },
    });
    expect(await desk.health()).toMatchObject({ stations: 0, stranded: 1 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await desk.get(render.id)).toMatchObject({ status: 'queued', queuePosition: 0, estimatedSeconds: null });
    // Nobody takes it up and puts it back.
    const job = await desk.queue.getJob((await desk.queue.getJobs())[0]?.id ?? '');
    expect(job).toMatchObject({ attemptsStarted: 0, attemptsMade: 0 });

    const fitting = await station('b3');
    await ended(desk, render.id);
    expect(await audioOf(desk, render.id)).toBe('by b3');
    expect(await desk.capacity()).toMatchObject({ waiting: 0, stranded: 0 });
    await Promise.all([stranger.close(1), fitting.close(1)]);
  });
});

describe('jobs of a version that no worker has any more', () => {
  test('are addressed to the version that there is, and found again as its work', async () => {
    const old = await installation.desk({ engineVersion: 'c1' });
    const submission = burnSubmission({ title: 'adopted' });
    const seen: string[] = [];
    const { render } = await old.submit({ ...submission, idempotency: { key: 'adopted', fingerprint: 'x' } });
    old.watch(render.id, ({ render: now }) => seen.push(now?.status ?? 'gone'));
    const twin = (await old.submit({ ...submission, tenant: 'tenant-b' })).render;
    const canceled = (await old.submit({ ...submission, tenant: 'tenant-c' })).render;
    await old.cancel(canceled.id);

    const fitting = await station('c2');
    const worked: Partial<Recovery>[] = [];
    const caretaker = await installation.caretaker({
      engineVersion: 'c2',
      adoptSeconds: 0.3,
      recoverySeconds: 0.2,
      onWork: (done) => worked.push(done),
    });
    const done = await Promise.all([ended(old, render.id), ended(old, twin.id)]);
    expect(done.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
    expect(await audioOf(old, render.id)).toBe('by c2');
    expect(await old.get(canceled.id)).toMatchObject({ status: 'canceled' });
    // What a recovery has done is told when all of it is done.
    const adoptions = await until(
      async () => worked,
      (all) => all.some(({ adopted = 0 }) => adopted > 0),
    );
    expect(adoptions).toContainEqual(expect.objectContaining({ adopted: 2, enqueued: 0 }));
    await until(
      async () => seen,
      (all) => all.includes('succeeded'),
    );

    const newer = await installation.desk({ engineVersion: 'c2' });
    expect((await newer.submit(submission)).render).toMatchObject({ status: 'succeeded', cached: true });
    // The old address stays empty: an old process that is started again renders anew.
    expect((await old.submit(submission)).render).toMatchObject({ status: 'queued', cached: false });
    const again = await old.submit({ ...submission, idempotency: { key: 'adopted', fingerprint: 'x' } });
    expect(again).toMatchObject({ replayed: true, render: { id: render.id } });
    await Promise.all([fitting.close(1), caretaker.close()]);
  });

  test('wait as long as a worker of theirs was seen lately', async () => {
    const old = await installation.desk({ engineVersion: 'd1' });
    await (await station('d1')).close(1);
    const { render } = await old.submit(burnSubmission({ title: 'seen lately' }));
    const fitting = await station('d2');
    const caretaker = await installation.caretaker({ engineVersion: 'd2', adoptSeconds: 3600, recoverySeconds: 0.1 });
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await old.get(render.id)).toMatchObject({ status: 'queued' });
    await Promise.all([fitting.close(1), caretaker.close()]);
  });

  test('are rendered also when their records say nothing of a version', async () => {
    const desk = await installation.desk({ engineVersion: 'e2' });
    const { render } = await desk.submit(burnSubmission({ title: 'first version' }));
    const key = `renders/open/${render.id}.json`;
    const { engineVersion: _, soundIdentity: __, ...record } = JSON.parse(String(await installation.store.get(key)));
    await installation.store.put(key, Buffer.from(JSON.stringify(record)));
    await installation.wipeRedis();
    const fitting = await station('e2');
    const caretaker = await installation.caretaker({ engineVersion: 'e2', adoptSeconds: 0.3, recoverySeconds: 0.2 });
    expect(await ended(desk, render.id)).toMatchObject({ status: 'succeeded' });
    expect(await audioOf(desk, render.id)).toBe('by e2');
    await Promise.all([fitting.close(1), caretaker.close()]);
  });
});
