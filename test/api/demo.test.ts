import { describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../redis/test-redis.js';
import { ask, type RunningApi, startApi } from './start-api.js';
import { audioBytes, startStation } from './start-station.js';

const redis = useTestRedis('api-demo');

async function queuedDemo(api: RunningApi): Promise<string> {
  for (;;) {
    const { body } = await ask(`${api.url}/v1/renders?status=queued`);
    const [demo] = body.renders as { id: string }[];
    if (demo) return demo.id;
  }
}

async function expectDemo(api: RunningApi): Promise<void> {
  const answer = await fetch(`${api.url}/t1.wav`);
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer()).equals(audioBytes)).toBe(true);
}

describe('GET /t1.wav', () => {
  test('must be made again, once for all processes, after somebody canceled it', async () => {
    const api = await startApi(redis);
    const waiting = fetch(`${api.url}/t1.wav`);
    const canceled = await queuedDemo(api);
    await ask(`${api.url}/v1/renders/${canceled}`, { method: 'DELETE' });
    expect((await waiting).status).toBe(409);
    await startStation(redis, api);
    await expectDemo(api);
    await expectDemo(await startApi(redis, { DATA_DIR: api.folder }));
    const { renders } = (await ask(`${api.url}/v1/renders`)).body as { renders: { status: string }[] };
    expect(renders.map(({ status }) => status)).toEqual(['succeeded']);
  });
});
