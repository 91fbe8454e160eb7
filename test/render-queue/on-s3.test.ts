import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { S3BlobStore } from '@musistrata/blob-store/s3';
import { startS3Server } from '../blob-store/s3-server.js';
import { useTestRedis } from '../redis/test-redis.js';
import { burnSubmission } from './harness/burn-score.js';
import { ended, Installation, until } from './harness/installation.js';

const installation = new Installation(useTestRedis('s3'));
const server = await startS3Server();
installation.folder = await mkdtemp(join(tmpdir(), 'musistrata-test-'));
installation.store = new S3BlobStore({
  bucket: 'renders',
  prefix: 'queue/',
  endpoint: server.endpoint,
  credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
});

afterAll(async () => {
  await server.close();
  await rm(installation.folder, { recursive: true, force: true });
});

test('renders live in a bucket as they do in a folder: made, shared, read in part, recovered, deleted', async () => {
  const desk = await installation.desk();
  const submission = burnSubmission({ title: 'bucket', bytes: 300_000 });
  const ids = await Promise.all([1, 2].map(async () => (await desk.submit(submission)).render.id));
  // Redis forgets before anybody has begun.
  await installation.wipeRedis();
  const caretaker = await installation.caretaker({ recoverySeconds: 0.2 });
  const station = await installation.station();
  for (const id of ids) expect((await ended(desk, id, 25)).status).toBe('succeeded');
  const [first = '', second = ''] = ids;
  const file = await desk.openFile(first, 'audio');
  expect(Buffer.concat(await (await file.read({ start: 0, end: 5 })).toArray()).toString()).toBe('bucket');
  await until(
    () => installation.redis.client.exists(`${installation.prefix}:index`),
    (there) => there === 1,
  );
  await desk.remove(first);
  expect((await installation.store.stat(file.key))?.bytes).toBe(300_000);
  await desk.remove(second);
  expect(await installation.store.stat(file.key)).toBeNull();
  await caretaker.close();
  await station.close(5);
});
