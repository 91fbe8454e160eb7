import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, type RunningApi, song, startApi } from '../api/start-api.js';
import { type S3Server, startS3Server } from '../blob-store/s3-server.js';
import { useTestRedis } from '../redis/test-redis.js';
import { Service } from './service.js';

const redis = useTestRedis('system-s3');
const keys = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };
let server: S3Server;
let folder: string;
let api: RunningApi;
let redirecting: RunningApi;
let id: string;

beforeAll(async () => {
  server = redis.closing(await startS3Server());
  folder = await mkdtemp(join(tmpdir(), 'system-s3-'));
  const STORAGE_URL = `s3://renders/system?endpoint=${encodeURIComponent(server.endpoint)}`;
  Object.assign(process.env, keys);
  const worker = new Service('worker', {
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.name,
    STORAGE_URL,
    DATA_DIR: folder,
    WORKER_CONCURRENCY: '1',
  });
  redis.closing({ close: () => worker.stop() });
  api = await startApi(redis, { STORAGE_URL });
  redirecting = await startApi(redis, { STORAGE_URL, AUDIO_REDIRECT: 'true' });
  await worker.logged('The worker takes jobs');
  const { status, body } = await ask(`${api.url}/v1/renders?stems=true`, {
    method: 'POST',
    body: song(),
    headers: { 'Content-Type': 'application/json', Prefer: 'wait=60' },
  });
  expect([status, body.status]).toEqual([201, 'succeeded']);
  id = String(body.id);
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());
const at = ({ url }: RunningApi, path: string) => `${url}/v1/renders/${id}${path}`;

describe('API and worker on a bucket', () => {
  test('must pass bytes and ranges on', async () => {
    const whole = await bytesOf(await fetch(at(api, '/audio')));
    expect(whole.subarray(0, 4).toString()).toBe('RIFF');
    expect(whole.readUInt32LE(4)).toBe(whole.length - 8);
    const part = await fetch(at(api, '/audio'), { headers: { Range: 'bytes=100-199' } });
    expect(part.status).toBe(206);
    expect((await bytesOf(part)).equals(whole.subarray(100, 200))).toBe(true);
  });

  test.each(['/audio', '/stems/0'])('must send GET %s to the bucket when that is wanted', async (path) => {
    const answer = await fetch(at(redirecting, `${path}?download=true`), { redirect: 'manual' });
    expect(answer.status).toBe(307);
    const location = new URL(answer.headers.get('location') ?? '');
    expect(location.origin).toBe(server.endpoint);
    expect(Number(location.searchParams.get('X-Amz-Expires'))).toBeGreaterThan(0);
    expect(location.searchParams.get('response-content-disposition')).toMatch(/^attachment; filename=/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const followed = await bytesOf(await fetch(at(redirecting, path)));
    expect(followed.equals(await bytesOf(await fetch(at(api, path))))).toBe(true);
  });

  test('must let its page play what comes from the bucket, which browsers refuse by the policy otherwise', async () => {
    const media = async ({ url }: RunningApi) => {
      const page = await fetch(url, { headers: { Accept: 'text/html' } });
      await page.text();
      const policy = page.headers.get('content-security-policy') ?? '';
      return policy
        .split('; ')
        .find((directive) => directive.startsWith('media-src '))
        ?.split(' ');
    };
    expect(await media(redirecting)).toContain(server.endpoint);
    expect(await media(api)).toEqual(['media-src', "'self'", 'blob:']);
  });

  test('must answer HEAD and conditions itself', async () => {
    const head = await fetch(at(redirecting, '/audio'), { method: 'HEAD', redirect: 'manual' });
    expect(head.status).toBe(200);
    const etag = head.headers.get('etag') ?? '';
    for (const [headers, status] of [
      [{ 'If-None-Match': etag }, 304],
      [{ 'If-Match': '"other"' }, 412],
      [{ 'If-Match': etag }, 200],
      [{ 'If-Range': etag, Range: 'bytes=0-9' }, 206],
    ] as const) {
      const answer = await fetch(at(redirecting, '/audio'), { headers, redirect: 'manual' });
      await answer.arrayBuffer();
      expect([headers, answer.status]).toEqual([headers, status]);
    }
  });

  test('must pass on what is no audio', async () => {
    const timing = await fetch(at(redirecting, '/timing'), { redirect: 'manual' });
    expect(timing.status).toBe(200);
    await timing.arrayBuffer();
  });

  test('must delete from the bucket', async () => {
    expect((await fetch(at(api, ''), { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(at(redirecting, '/audio'))).status).toBe(410);
  });
});
