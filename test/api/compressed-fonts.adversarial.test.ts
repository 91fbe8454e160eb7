import { beforeAll, describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../redis/test-redis.js';
import { compressedFont, denseVorbis, oggVorbis } from '../render-core/synth/compressed-font.js';
import { useUploadFolder } from './samples/samples-rig.js';
import { ask, type RunningApi, startApi } from './start-api.js';

const redis = useTestRedis('api-compressed-fonts');
const fonts = useUploadFolder();
let api: RunningApi;

beforeAll(async () => {
  api = await startApi(redis, { SOUNDFONT_DIR: fonts.folder });
});

const upload = (body: Uint8Array<ArrayBuffer>) => ask(`${api.url}/v1/soundfonts?name=Dense`, { method: 'POST', body });

/** Does something, and tells how long it took and by how much the process had grown at its largest. */
async function cost<T>(work: () => Promise<T>) {
  const began = performance.now();
  const before = process.memoryUsage.rss();
  let largest = before;
  const timer = setInterval(() => {
    largest = Math.max(largest, process.memoryUsage.rss());
  }, 20);
  const result = await work();
  clearInterval(timer);
  return { result, seconds: (performance.now() - began) / 1000, megabytes: (largest - before) / 2 ** 20 };
}

describe('an SF3 font', () => {
  test('must be refused without a trace, within seconds and little memory, when its samples inflate to gigabytes', async () => {
    const font = await compressedFont(await denseVorbis(4000), 4);
    const { result, seconds, megabytes } = await cost(() => upload(font));
    expect(result).toMatchObject({ status: 422, body: { code: 'soundfont-unreadable' } });
    expect(seconds).toBeLessThan(15);
    expect(megabytes).toBeLessThan(400);
    expect(await fonts.files()).toEqual([]);
  }, 60_000);

  test.each<[string, (stream: Buffer<ArrayBuffer>) => Buffer<ArrayBuffer>]>([
    ['nothing like Vorbis', (stream) => Buffer.alloc(stream.length, 'noise ')],
    ['a stream without its headers', (stream) => stream.subarray(stream.indexOf('OggS', 4))],
    ['a stream whose set-up is overwritten', (stream) => Buffer.from(stream).fill(0xff, 200, 2000)],
  ])('must be refused without a trace when a sample is %s', async (_title, damage) => {
    const stream = damage(await oggVorbis(new Float32Array(44_100).fill(0.25)));
    const answer = await upload(await compressedFont(stream, 3));
    expect(answer).toMatchObject({ status: 422, body: { code: 'soundfont-unreadable' } });
    expect(answer.body.detail).toContain('3 of its samples cannot be decoded, the first is "sample 0".');
    expect(await fonts.files()).toEqual([]);
  });

  test('must be offered when its samples decode', async () => {
    const stream = await oggVorbis(Float32Array.from({ length: 44_100 }, (_, frame) => Math.sin(frame / 16)));
    expect(await upload(await compressedFont(stream))).toMatchObject({ status: 201, body: { name: 'Dense' } });
  });
});
