import { randomBytes } from 'node:crypto';
import { afterAll, expect } from '@jest/globals';
import { Redis } from 'ioredis';

export interface TestRedis {
  readonly url: string;
  /** Installation name for desks and stations: no other test file has it. */
  readonly name: string;
  /** For looking at what the code under test has done. */
  readonly client: Redis;
  /** Has something closed after the file, the last first, before leaks are looked for. @returns the thing itself */
  closing<T extends { close(): Promise<unknown> }>(thing: T): T;
}

/** Redis for one test file, with a name of its own. After the file, every connection with that name must be closed; then its keys are deleted. */
export function useTestRedis(label: string): TestRedis {
  const url = process.env.TEST_REDIS_URL;
  if (!url) throw new Error('TEST_REDIS_URL is not set: run through jest with its global set-up');
  const name = `${label}-${randomBytes(6).toString('hex')}`;
  const client = new Redis(url);
  const things: { close(): Promise<unknown> }[] = [];
  afterAll(async () => {
    try {
      for (const thing of things.reverse()) await thing.close();
      await expectNoConnections(client, name);
    } finally {
      await deleteKeys(client, name);
      await client.quit();
    }
    // Several services may each need their whole time to drain.
  }, 90_000);
  const closing = <T extends { close(): Promise<unknown> }>(thing: T): T => {
    things.push(thing);
    return thing;
  };
  return { url, name, client, closing };
}

async function expectNoConnections(client: Redis, name: string): Promise<void> {
  let left: string[] = [];
  for (let attempt = 0; attempt < 40; attempt++) {
    const clients = String(await client.client('LIST'));
    left = clients.split('\n').filter((line) => line.includes(name));
    if (left.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(left).toEqual([]);
}

/** Everything that an installation has in Redis: as if Redis had lost it. */
export async function deleteKeys(client: Redis, name: string): Promise<void> {
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', `{${name}}*`, 'COUNT', 1000);
    if (keys.length > 0) await client.del(...keys);
    cursor = next;
  } while (cursor !== '0');
}
