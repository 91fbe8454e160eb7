import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createWorker, readConfig } from '@musistrata/worker';
import { ZipFile } from 'yazl';
import { useTestRedis } from '../../redis/test-redis.js';
import { readWav } from '../../render-core/audio/read-wav.js';
import { lastSound, peak, pitchNear } from '../../render-core/instruments/measure.js';
import { ask, type RunningApi, startApi } from '../start-api.js';
import { oneTone, sfz, submit, tone, upload, useUploadFolder } from './samples-rig.js';

const redis = useTestRedis('api-samples');
const samples = useUploadFolder();
let api: RunningApi;
let other: RunningApi;

beforeAll(async () => {
  const shared = { SAMPLES_DIR: samples.folder };
  api = await startApi(redis, shared);
  other = await startApi(redis, { ...shared, DATA_DIR: api.folder });
  const worker = readConfig({
    ...shared,
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.name,
    DATA_DIR: api.folder,
    WORKER_CONCURRENCY: '1',
    HEALTH_PORT: '0',
    LOG_LEVEL: 'silent',
    SHUTDOWN_SECONDS: '5',
  });
  redis.closing(await createWorker(worker));
}, 60_000);

/** What a render by this name sounds like: its pitch in Hz near the one expected, and how long it sounds in seconds. */
async function heard(url: string, instrument: string, expected: number) {
  const { status, body } = await submit(url, instrument);
  expect({ status, error: body.error }).toEqual({ status: 201, error: null });
  const audio = await fetch(url + (body.audio as { url: string }).url);
  const folder = await mkdtemp(join(tmpdir(), 'heard-'));
  const path = join(folder, 'audio.wav');
  await writeFile(path, new Uint8Array(await audio.arrayBuffer()));
  const { channels, sampleRate } = readWav(path);
  await rm(folder, { recursive: true });
  const left = channels[0]!;
  expect(peak(left)).toBeGreaterThan(0.1);
  return {
    pitch: pitchNear(left.slice(2000, 2000 + 2 ** 14), expected, sampleRate),
    seconds: lastSound(left) / sampleRate,
    warnings: body.warnings,
  };
}

/** Until every process looks at the folder again, which it does at once for names that it does not know. */
const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1050));

describe('samples that were uploaded', () => {
  test('must play by their name at every process: a folder of WAV files, named by key', async () => {
    const answer = await upload(api.url, 'Low Bell', [
      { name: 'My Bell/' },
      { name: 'My Bell/Bell_57.wav', data: tone(220, 3) },
      { name: 'My Bell/Bell_81.wav', data: tone(880, 0.5), method: 0 },
      { name: 'My Bell/LICENSE.txt', data: Buffer.from('Yours.') },
      { name: 'My Bell/cover.png', data: Buffer.from('no picture') },
      { name: 'My Bell/.DS_Store', data: Buffer.from('x') },
      { name: '__MACOSX/My Bell/._Bell_57.wav', data: Buffer.from('x') },
    ]);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/v1/samples');
    const listed = {
      name: 'Low Bell',
      type: 'samples',
      instruments: ['Low Bell'],
      files: 3,
      bytes: tone(220, 3).length + tone(880, 0.5).length + 6,
    };
    expect(answer.body).toEqual({ ...listed, ignored: ['My Bell/cover.png'] });
    expect(await samples.files()).toEqual([
      'Low Bell',
      'Low Bell/Bell_57.wav',
      'Low Bell/Bell_81.wav',
      'Low Bell/LICENSE.txt',
    ]);
    for (const { url } of [other, api]) expect((await ask(`${url}/v1/samples`)).body.samples).toContainEqual(listed);
    const { pitch, seconds, warnings } = await heard(other.url, 'low-bell', 440);
    expect(pitch).toBeCloseTo(440, 1);
    // A note of a second, and the release of half a second that folders have; the sample is an octave down, and long enough.
    expect(seconds).toBeCloseTo(1.5, 2);
    expect(warnings).toEqual([]);
  }, 60_000);

  test('must play as their instrument.json says', async () => {
    const definition = { releaseSeconds: 0.05, samples: [{ file: 'takes/one.wav', key: 'A4' }] };
    const answer = await upload(api.url, 'Defined', [
      { name: 'instrument.json', data: Buffer.from(JSON.stringify(definition)) },
      { name: 'takes/one.wav', data: tone(440, 2) },
    ]);
    expect(answer).toMatchObject({ status: 201, body: { type: 'samples', instruments: ['Defined'], files: 2 } });
    const { pitch, seconds } = await heard(other.url, 'Defined', 440);
    expect(pitch).toBeCloseTo(440, 1);
    expect(seconds).toBeCloseTo(1.05, 2);
  }, 60_000);

  test('must play as an SFZ file says, with samples in folders below and files that it includes', async () => {
    const answer = await upload(api.url, 'Thumb Piano', [
      { name: 'Kalimba/any.sfz', data: Buffer.from('#include "parts/all.inc"\n') },
      { name: 'Kalimba/parts/all.inc', data: sfz('deep\\er\\A.wav') },
      { name: 'Kalimba/deep/er/A.wav', data: tone(440, 2) },
    ]);
    expect(answer).toMatchObject({ status: 201, body: { type: 'sfz', instruments: ['Thumb Piano'], files: 3 } });
    const { pitch, seconds } = await heard(api.url, 'THUMB PIANO', 440);
    expect(pitch).toBeCloseTo(440, 1);
    expect(seconds).toBeGreaterThan(1);
    expect(seconds).toBeLessThan(1.2);
  }, 60_000);

  test('must be several instruments when there are several SFZ files', async () => {
    const answer = await upload(api.url, 'Box', [
      { name: 'Soft Tine.sfz', data: sfz('a.wav') },
      { name: 'Hard Tine.sfz', data: sfz('b.wav') },
      { name: 'a.wav', data: tone(440, 2) },
      { name: 'b.wav', data: tone(440, 2) },
    ]);
    expect(answer).toMatchObject({
      status: 201,
      body: { name: 'Box', type: 'sfz', instruments: ['Hard Tine', 'Soft Tine'] },
    });
    expect((await heard(other.url, 'Soft Tine', 440)).pitch).toBeCloseTo(440, 1);
    expect((await submit(api.url, 'Box')).body).toMatchObject({ code: 'unknown-instrument' });
  }, 60_000);

  test('may come as ZIP64, and compressed once more', async () => {
    const archive = new ZipFile();
    archive.addBuffer(tone(440, 0.1), 'Wide_69.wav', { forceZip64Format: true });
    archive.end({ forceZip64Format: true, comment: '' });
    const path = join(api.folder, 'wide.zip');
    await pipeline(archive.outputStream, createWriteStream(path));
    const packed = new Uint8Array(gzipSync(await readFile(path)));
    const answer = await upload(api.url, 'Wide', packed, { 'Content-Encoding': 'gzip' });
    expect(answer).toMatchObject({ status: 201, body: { instruments: ['Wide'], files: 1 } });
  });

  test('of an old sample name must take the place of its substitute', async () => {
    expect((await submit(other.url, 'Crystal_Keys')).body.warnings).toMatchObject([{ code: 'instrument-substituted' }]);
    expect(await upload(api.url, 'Crystal_Keys', oneTone())).toMatchObject({ status: 201 });
    await aSecond();
    expect((await submit(other.url, 'Crystal_Keys')).body).toMatchObject({ warnings: [], cached: false });
  }, 60_000);

  test('must be new to every process when others had their name before', async () => {
    expect((await heard(other.url, 'Thumb Piano', 440)).pitch).toBeCloseTo(440, 1);
    expect((await ask(`${api.url}/v1/samples/Thumb%20Piano`, { method: 'DELETE' })).status).toBe(204);
    expect((await upload(api.url, 'Thumb Piano', [{ name: 'Thumb Piano_69.wav', data: tone(660, 2) }])).status).toBe(
      201,
    );
    await aSecond();
    expect((await heard(other.url, 'Thumb Piano', 660)).pitch).toBeCloseTo(660, 1);
  }, 60_000);
});
