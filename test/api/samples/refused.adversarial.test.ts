import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../../redis/test-redis.js';
import { ask, type RunningApi, startApi } from '../start-api.js';
import { hostileArchives, limitBytes } from './hostile-archives.js';
import { oneTone, upload, useUploadFolder } from './samples-rig.js';
import { zip } from './zip.js';

const redis = useTestRedis('api-samples-refused');
const samples = useUploadFolder();
let api: RunningApi;

beforeAll(async () => {
  api = await startApi(redis, { SAMPLES_DIR: samples.folder, MAX_SAMPLES_BYTES: String(limitBytes) });
  expect((await upload(api.url, 'There', oneTone())).status).toBe(201);
});

describe('an upload of samples must be refused without a trace', () => {
  test.each(hostileArchives)('if it is %s', async (_title, archive, status, code, detail) => {
    const before = await samples.files();
    const answer = await upload(api.url, 'Refused', archive());
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body.detail).toMatch(detail);
    expect(answer.body.detail).toMatch(/[^.]\.$/);
    expect(answer.body.detail).not.toContain(samples.folder);
    expect(await samples.files()).toEqual(before);
    expect((await ask(`${api.url}/v1/samples`)).body.samples).toHaveLength(1);
  });

  test.each(['../escape', 'a/b', 'a\\b', '.hidden', '', 'a\0b', 'x'.repeat(101), 'name.zip', 'é'])(
    'if it is called %j',
    async (name) => {
      expect(await upload(api.url, name, oneTone())).toMatchObject({
        status: 400,
        body: { code: 'parameters-invalid', errors: [{ parameter: 'name' }] },
      });
    },
  );

  test('if its client leaves midway', async () => {
    const before = await samples.files();
    const body = zip(oneTone());
    const { port } = new URL(api.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /v1/samples?name=Left HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/zip\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body.subarray(0, body.length / 2));
    for (let tries = 0; tries < 100 && (await samples.files()).length === before.length; tries++) await sleep(10);
    expect((await samples.files()).length).toBeGreaterThan(before.length);
    socket.destroy();
    for (let tries = 0; tries < 100 && (await samples.files()).length > before.length; tries++) await sleep(10);
    expect(await samples.files()).toEqual(before);
  });

  test('if its client leaves while it is read', async () => {
    const before = await samples.files();
    const leaving = new AbortController();
    const sent = fetch(`${api.url}/v1/samples?name=Left`, {
      method: 'POST',
      body: zip(oneTone()),
      signal: leaving.signal,
    });
    const isRead = async () => (await samples.files()).some((name) => name.endsWith('archive'));
    for (let tries = 0; tries < 500 && !(await isRead()); tries++) await sleep(1);
    leaving.abort();
    await expect(sent).rejects.toThrow();
    await sleep(1000);
    expect(await samples.files()).toEqual(before);
  });

  test('where there is no folder for them, or no right to it', async () => {
    const none = await startApi(redis);
    expect(await upload(none.url, 'Nowhere', oneTone())).toMatchObject({ status: 403, body: { code: 'uploads-off' } });
    expect((await ask(`${none.url}/v1/samples`)).body).toEqual({ samples: [] });
  });

  test('and its limit must be published', async () => {
    expect((await ask(`${api.url}/v1/limits`)).body.maxSamplesBytes).toBe(limitBytes);
  });
});
