import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '@musistrata/standalone/redis';
import { oneTone, remove, songWith, submit, tone, upload } from '../api/samples/samples-rig.js';
import { zip } from '../api/samples/zip.js';
import { ask } from '../api/start-api.js';
import { useTestRedis } from '../redis/test-redis.js';
import { Service } from './service.js';

const redis = useTestRedis('system-uploads');
const threadsStarted = 'The instruments have changed; new render threads were started';
let folder: string;
let samples: string;
let apis: { readonly url: string; readonly service: Service }[];
let worker: Service;

async function startApi() {
  const port = await freePort();
  const service = new Service('api', { ...environment(), PORT: String(port) });
  redis.closing({ close: () => service.stop() });
  await service.logged('listening');
  return { url: `http://127.0.0.1:${port}`, service };
}

const environment = () => ({
  REDIS_URL: redis.url,
  QUEUE_PREFIX: redis.name,
  DATA_DIR: join(folder, 'data'),
  SAMPLES_DIR: samples,
  WORKER_CONCURRENCY: '2',
  SHUTDOWN_SECONDS: '5',
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'system-uploads-'));
  samples = join(folder, 'samples');
  await mkdir(samples);
  apis = await Promise.all([startApi(), startApi(), startApi()]);
  worker = new Service('worker', environment());
  redis.closing({ close: () => worker.stop() });
  await worker.logged('The worker takes jobs');
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

const timesStarted = () => worker.log.filter(({ msg }) => msg === threadsStarted).length;
const inFolder = async () => (await readdir(samples)).filter((name) => name !== '.incoming');

describe('uploads to processes that share a folder', () => {
  test('must give a name once, whichever processes they arrive at together', async () => {
    for (const round of [1, 2, 3]) {
      const names = [`Round ${round}`, `ROUND ${round}`, `round-${round}`, `Round ${round}`, `round${round}`];
      const answers = await Promise.all(
        names.map((name, index) => upload(apis[index % 3]!.url, name, oneTone(400 + round))),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    }
    expect(await inFolder()).toHaveLength(3);
  }, 120_000);

  test('must play at every process at once, with new render threads for each upload and for nothing else', async () => {
    const before = timesStarted();
    expect((await upload(apis[0]!.url, 'Fresh', oneTone())).status).toBe(201);
    for (const { url } of apis) expect(await submit(url, 'Fresh')).toMatchObject({ status: 201 });
    await worker.logged(threadsStarted);
    expect(timesStarted()).toBe(before + 1);
    await writeFile(join(samples, '.incoming', 'under-way'), 'half of an upload');
    expect(await submit(apis[1]!.url, 'Fresh', '?sampleRate=32000')).toMatchObject({ status: 201 });
    expect(timesStarted()).toBe(before + 1);
    await rm(join(samples, '.incoming', 'under-way'));
  }, 120_000);

  test('must not be in the way of others when a process is killed in the middle of one', async () => {
    const { url, service } = apis[2]!;
    const body = zip(oneTone());
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined);
    socket.write(
      `POST /v1/samples?name=Cut HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    socket.write(body.subarray(0, 1000));
    const incoming = join(samples, '.incoming');
    for (let tries = 0; tries < 200 && (await readdir(incoming)).length === 0; tries++) await sleep(10);
    await service.kill();
    socket.destroy();
    expect(await readdir(incoming)).toHaveLength(1);
    expect((await upload(apis[0]!.url, 'Cut', oneTone())).status).toBe(201);
    const again = await startApi();
    expect((await ask(`${again.url}/v1/instruments?search=cut`)).body.instruments).toMatchObject([{ name: 'Cut' }]);
  }, 60_000);

  test('must leave every worker alive when what it plays is removed', async () => {
    expect((await upload(apis[0]!.url, 'Leaving', [{ name: 'Leaving_69.wav', data: tone(440, 20) }])).status).toBe(201);
    const headers = { 'Content-Type': 'application/json' };
    const finished = await submit(apis[1]!.url, 'Leaving');
    const ids: string[] = [];
    for (let index = 0; index < 8; index++) {
      const query = `?sampleRate=${40_000 + index}`;
      const answer = await ask(`${apis[1]!.url}/v1/renders${query}`, {
        method: 'POST',
        body: songWith('Leaving'),
        headers,
      });
      ids.push(String(answer.body.id));
    }
    expect((await remove(apis[0]!.url, '/v1/samples/Leaving')).status).toBe(204);
    for (const id of ids) {
      const { body } = await ask(`${apis[1]!.url}/v1/renders/${id}?wait=30`);
      const error = body.error as { code: string; message: string } | null;
      expect([null, 'unknown-instrument', 'invalid-sample', 'invalid-sample-folder']).toContain(error?.code ?? null);
      expect(body.status).toBe(error === null ? 'succeeded' : 'failed');
    }
    const kept = await fetch(apis[1]!.url + (finished.body.audio as { url: string }).url);
    expect([kept.status, (await kept.arrayBuffer()).byteLength]).toEqual([
      200,
      (finished.body.audio as { bytes: number }).bytes,
    ]);
    expect(await submit(apis[1]!.url, 'Violin')).toMatchObject({ status: 201 });
  }, 120_000);
});
