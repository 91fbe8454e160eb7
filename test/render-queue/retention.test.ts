import { expect, test } from '@jest/globals';
import { FolderBlobStore } from '@musistrata/blob-store';
import { RenderGoneError } from '@musistrata/render-queue';
import { burnSubmission } from './harness/burn-score.js';
import { ended, until, useInstallation } from './harness/installation.js';

const installation = useInstallation('retention');

/** A storage where some things cannot be deleted at the moment. */
class StubbornStore extends FolderBlobStore {
  readonly kept = new Set<string>();

  override async delete(key: string): Promise<void> {
    if ([...this.kept].some((part) => key.includes(part)))
      throw Object.assign(new Error(`cannot delete ${key}`), { code: 'EACCES' });
    await super.delete(key);
  }
}

function stubbornStore(): StubbornStore {
  const { folder } = installation.store as FolderBlobStore;
  return new StubbornStore({ folder, flush: false });
}

/** @returns ids of ended renders, the oldest first */
async function make(count: number, prefix: string, ttlSeconds: number | null): Promise<string[]> {
  const desk = await installation.desk();
  const station = await installation.station({ slots: 1 });
  const ids: string[] = [];
  for (let at = 0; at < count; at++) {
    const { id } = (await desk.submit(burnSubmission({ title: `${prefix} ${at}`, bytes: 1000 }, { ttlSeconds })))
      .render;
    ids.push(id);
    await ended(desk, id);
  }
  await station.close(5);
  return ids;
}

const isGone = async (id: string) => {
  const desk = await installation.desk();
  return desk.get(id).then(
    () => false,
    (error: unknown) => error instanceof RenderGoneError,
  );
};

test('an expired render that cannot be deleted keeps no other from going, and goes itself when it can', async () => {
  const ids = await make(3, 'expires', 1);
  const store = stubbornStore();
  store.kept.add(ids[0] ?? '');
  const caretaker = await installation.caretaker({ store, recoverySeconds: 0.2 });
  for (const id of ids.slice(1))
    await until(
      () => isGone(id),
      (gone) => gone,
    );
  expect(installation.faults.some(({ where }) => where === `retention of ${ids[0]}`)).toBe(true);
  store.kept.clear();
  await until(
    () => installation.redis.client.zcard(`${installation.prefix}:expiries`),
    (due) => due === 0,
  );
  expect(await isGone(ids[0] ?? '')).toBe(true);
  await caretaker.close();
});

test('the oldest renders make room although one of them cannot be deleted', async () => {
  const ids = await make(3, 'makes room', null);
  const store = stubbornStore();
  store.kept.add(ids[0] ?? '');
  const caretaker = await installation.caretaker({ store, recoverySeconds: 0.2, maxStoredBytes: 1 });
  for (const id of ids.slice(1))
    await until(
      () => isGone(id),
      (gone) => gone,
    );
  await caretaker.close();
});

test('a render that is due while Redis has lost what it was does not keep the caretaker busy for ever', async () => {
  const lost = '01k9w6z8h3v5t2m4n7q0rcxyab';
  const { client } = installation.redis;
  await client.zadd(`${installation.prefix}:expiries`, 1, lost);
  const caretaker = await installation.caretaker({ recoverySeconds: 0.2 });
  await until(
    () => client.zscore(`${installation.prefix}:expiries`, lost),
    (score) => score === null,
  );
  await caretaker.close();
});
