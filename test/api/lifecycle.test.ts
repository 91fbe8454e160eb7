import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../redis/test-redis.js';
import { ask, song, startApi } from './start-api.js';
import { startStation } from './start-station.js';

const redis = useTestRedis('api-lifecycle');
const json = { 'Content-Type': 'application/json' };
const submit = (url: string, query = '', headers: Record<string, string> = {}) =>
  ask(`${url}/v1/renders${query}`, { method: 'POST', body: song(), headers: { ...json, ...headers } });

describe('a stopping API', () => {
  test('must answer waiting requests, end event streams, and close', async () => {
    // Longer than this test may take: connections that their clients keep open must not be waited for.
    const api = await startApi(redis, { SHUTDOWN_SECONDS: '300' });
    const { body } = await submit(api.url);
    const id = String(body.id);
    const waiting = ask(`${api.url}/v1/renders/${id}?wait=60`);
    const held = submit(api.url, '?seed=2', { Prefer: 'wait=60' });
    const events = fetch(`${api.url}/v1/renders/${id}/events`).then((response) => response.text());
    await sleep(300);
    await api.close();
    expect(await waiting).toMatchObject({ status: 200, body: { status: 'queued' } });
    expect(await held).toMatchObject({ status: 202, body: { status: 'queued' } });
    expect(await events).toContain('event: status');
    await expect(fetch(`${api.url}/livez`)).rejects.toThrow();
  });

  test('must not wait longer than its deadline for a client that takes nothing', async () => {
    const api = await startApi(redis, { SHUTDOWN_SECONDS: '1' });
    const station = await startStation(redis, api);
    const { body } = await submit(api.url, '?seed=3', { Prefer: 'wait=20' });
    const stuck = await fetch(`${api.url}/v1/renders/${String(body.id)}/audio`);
    await api.close();
    await stuck.body?.cancel().catch(() => undefined);
    expect(stuck.status).toBe(200);
    // The test below cuts every connection of this file: a station in the middle of taking jobs is no part of it.
    await station.close(0);
  });
});

describe('an API without Redis', () => {
  test('must say so at once with 503 and Retry-After, and be alive', async () => {
    const api = await startApi(redis, { REDIS_URL: redis.url });
    // Its connections are cut again and again, as when the server goes away.
    let cutting = true;
    const cut = (async () => {
      while (cutting) {
        const clients = String(await redis.client.client('LIST'));
        const own = clients.split('\n').filter((line) => line.includes(redis.name));
        for (const line of own) {
          const id = /^id=(\d+)/.exec(line)?.[1];
          if (id) await redis.client.client('KILL', 'ID', id).catch(() => undefined);
        }
        await sleep(1);
      }
    })();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(`${api.url}/v1/renders?limit=1`)));
    expect((await ask(`${api.url}/livez`)).status).toBe(200);
    cutting = false;
    await cut;
    for (const { status, headers, body } of answers) {
      expect([200, 503]).toContain(status);
      if (status === 503) {
        expect(body.code).toBe('queue-unavailable');
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
    }
    for (let attempt = 0; attempt < 100 && (await ask(`${api.url}/readyz`)).status !== 200; attempt++) await sleep(50);
    expect((await submit(api.url, '?seed=9')).status).toBe(202);
  });
});
