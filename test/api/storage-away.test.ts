import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../redis/test-redis.js';
import { ask, song, startApi } from './start-api.js';

const redis = useTestRedis('api-storage-away');
let server: Server;
let says = { status: 403, code: 'AccessDenied' };

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  server = createServer((request, response) => {
    request.resume();
    request.once('end', () => {
      response.writeHead(says.status, { 'content-type': 'application/xml' });
      response.end(`<?xml version="1.0"?><Error><Code>${says.code}</Code><Message>No.</Message></Error>`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const bucketAt = (port: number) => ({ STORAGE_URL: `s3://renders/test?endpoint=http://127.0.0.1:${port}` });

/** RFC 9110 section 15.6.4: a temporary state of the server, which Retry-After tells when to ask again. */
async function expectUnavailable(url: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  for (const answer of [
    await ask(`${url}/v1/renders`, { method: 'POST', body: song(), headers }),
    await ask(`${url}/v1/renders/01k9w6z8h3v5t2m4n7q0rcxyab`),
  ]) {
    expect(answer).toMatchObject({ status: 503, body: { code: 'storage-unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(await ask(`${url}/readyz`)).toMatchObject({ status: 503, body: { storage: false, redis: true } });
}

describe('a bucket', () => {
  test('that nobody answers for must be 503', async () => {
    await expectUnavailable((await startApi(redis, bucketAt(9))).url);
  });

  test.each([
    { status: 403, code: 'AccessDenied' },
    { status: 404, code: 'NoSuchBucket' },
    { status: 503, code: 'SlowDown' },
  ])('that answers $code must be 503', async (answer) => {
    says = answer;
    await expectUnavailable((await startApi(redis, bucketAt((server.address() as AddressInfo).port))).url);
  });
});
