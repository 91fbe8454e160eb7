import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { burnSubmission } from './harness/burn-score.js';
import { ended, until, useInstallation } from './harness/installation.js';

const installation = useInstallation('sweep');

/** Makes every file as old as if nobody had touched it for two hours. */
async function age(folder: string): Promise<void> {
  const old = new Date(Date.now() - 7_200_000);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), old, old);
}

async function keys(prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of installation.store.list(prefix)) found.push(key);
  return found.sort();
}

test('deletes old bytes that no render refers to, and nothing else', async () => {
  const desk = await installation.desk();
  const station = await installation.station();
  // Too large to lie in the records of their renders.
  const large = (title: string) => burnSubmission({ title: title.padEnd(20_000, '.') });
  const kept = await ended(desk, (await desk.submit(large('kept'))).render.id);
  await station.close(5);
  const waiting = large('waiting');
  await desk.submit(waiting);
  const { store } = installation;
  await store.put('outputs/cdead/audio.wav', Buffer.from('half of a job that was killed'));
  await age(join(installation.folder, 'blobs'));
  await store.put('outputs/cyoung/audio.wav', Buffer.from('of a job that publishes at this moment'));
  const { key } = await desk.openFile(kept.id, 'audio');

  const caretaker = await installation.caretaker({ recoverySeconds: 0.2, sweepSeconds: 0.3 });
  await until(
    () => keys('outputs/cdead/'),
    (left) => left.length === 0,
  );
  await until(
    () => keys('scores/'),
    (left) => left.length === 1,
  );
  expect(await keys('scores/')).toEqual([expect.stringContaining(waiting.score.sha256)]);
  expect(await keys('outputs/cyoung/')).toHaveLength(1);
  expect(await store.stat(key)).not.toBeNull();
  expect((await desk.get(kept.id)).status).toBe('succeeded');

  // After a loss of Redis no file has a user until the index is complete: nothing may be deleted then.
  await installation.wipeRedis();
  await until(
    () => installation.redis.client.exists(`${installation.prefix}:index`),
    (there) => there === 1,
  );
  await until(
    async () => (await desk.list({ status: 'succeeded' })).renders.length,
    (count) => count === 1,
  );
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await store.stat(key)).not.toBeNull();
  await caretaker.close();
});

test('an Idempotency-Key that a dead process claimed is free again', async () => {
  const desk = await installation.desk();
  const { client } = installation.redis;
  const idempotency = { key: 'claimed', fingerprint: 'f' };
  const first = await desk.submit(burnSubmission({ title: 'claimed' }, { idempotency }));
  const [key = ''] = await client.keys(`${installation.prefix}:idempotency:*`);
  // An id from long ago, of a render that was never written down.
  await client.set(key, '01h00000000000000000000000 f', 'EX', 1000);
  const again = await desk.submit(burnSubmission({ title: 'claimed' }, { idempotency }));
  expect(again.replayed).toBe(false);
  expect(again.render.id).not.toBe(first.render.id);
  expect((await desk.submit(burnSubmission({ title: 'claimed' }, { idempotency }))).render.id).toBe(again.render.id);
});
