import { expect, test } from '@jest/globals';
import type { RenderJobRunner } from '@musistrata/render-queue';
import { burnRunner } from './harness/burn-runner.js';
import { burnSubmission } from './harness/burn-score.js';
import { ended, until, useInstallation } from './harness/installation.js';

const installation = useInstallation('fair');

test('one tenant with many renders does not keep the others waiting', async () => {
  const desk = await installation.desk();
  const submit = async (tenant: string, count: number) => {
    const ids: string[] = [];
    for (let at = 0; at < count; at++)
      ids.push((await desk.submit(burnSubmission({ title: `${tenant}${at}` }, { tenant }))).render.id);
    return ids;
  };
  const ids = [...(await submit('a', 12)), ...(await submit('b', 3)), ...(await submit('c', 2))];
  const order: string[] = [];
  const station = await installation.station({
    slots: 1,
    onEvent: (event) => {
      if (event.kind === 'started') order.push(event.renderIds[0] ?? '');
    },
  });
  const renders = await Promise.all(ids.map((id) => ended(desk, id)));
  const tenantOf = new Map(renders.map(({ id, score }) => [id, score.title?.[0]]));
  // Start-time fair queueing: a tenant's n-th render comes in round n, whoever came first.
  expect(order.map((id) => tenantOf.get(id)).join('')).toBe('abcabcabaaaaaaaaa');
  await station.close(5);
});

test('who keeps sending does not starve who sent much before', async () => {
  const desk = await installation.desk();
  const old: string[] = [];
  for (let at = 0; at < 6; at++)
    old.push((await desk.submit(burnSubmission({ title: `old ${at}` }, { tenant: 'old' }))).render.id);
  let sent = 0;
  const fresh = async () => desk.submit(burnSubmission({ title: `fresh ${sent++}`, wallMs: 1 }, { tenant: 'fresh' }));
  await fresh();
  await fresh();
  const station = await installation.station({
    slots: 1,
    // With every render that starts another fresh one arrives: there is always one waiting.
    onEvent: (event) => {
      if (event.kind === 'started' && sent < 30) void fresh();
    },
  });
  const last = await ended(desk, old[5] ?? '');
  expect(last.status).toBe('succeeded');
  expect(sent).toBeLessThan(20);
  await until(
    () => desk.capacity(),
    ({ renders }) => renders.queued + renders.rendering === 0,
  );
  await station.close(5);
});

test('a tenant renders no more at once than it may, over all stations', async () => {
  const desk = await installation.desk();
  const submit = (title: string, tenant: string) =>
    desk.submit(burnSubmission({ title, wallMs: 150 }, { tenant })).then(({ render }) => render.id);
  const ids = await Promise.all(['w1', 'w2', 'w3', 'w4'].map((title) => submit(title, 'wide')));
  const other = await submit('narrow', 'narrow');
  let now = 0;
  let most = 0;
  const wide = new Set(ids);
  const options = {
    slots: 2,
    tenantConcurrency: 1,
    runner: (async (job, control) => {
      const counts = wide.has(job.renderId) ? 1 : 0;
      now += counts;
      most = Math.max(most, now);
      try {
        return await burnRunner(job, control);
      } finally {
        now -= counts;
      }
    }) satisfies RenderJobRunner,
  };
  const stations = [await installation.station(options), await installation.station(options)];
  for (const id of [...ids, other]) expect((await ended(desk, id)).status).toBe('succeeded');
  expect(most).toBe(1);
  for (const station of stations) await station.close(5);
});

test('the estimate follows from what was measured', async () => {
  const desk = await installation.desk();
  const { realTimeFactor } = await desk.capacity();
  expect(realTimeFactor).toBeGreaterThan(0);
  const station = await installation.station({ slots: 2 });
  const first = (await desk.submit(burnSubmission({ title: 'estimated', seconds: 100, wallMs: 400 }))).render;
  expect(first.estimatedSeconds).toBeGreaterThan(0);
  expect(first.estimatedSeconds).toBeLessThanOrEqual(100 / (realTimeFactor ?? 1) + 0.01);
  await ended(desk, first.id);
  await station.close(5);
});
