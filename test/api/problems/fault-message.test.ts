import { beforeAll, describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../../redis/test-redis.js';
import { ask, type RunningApi, song, startApi } from '../start-api.js';

const redis = useTestRedis('api-faults');
let api: RunningApi;

beforeAll(async () => {
  api = await startApi(redis);
});

const headers = { 'Content-Type': 'application/json' };
const post = (body: string, query = '') => ask(`${api.url}/v1/renders${query}`, { method: 'POST', body, headers });

describe('what a refusal says', () => {
  test.each([
    ['?range.endSeconds=0', song()],
    ['?soundFont=nowhere', song()],
    ['', JSON.stringify({ score: JSON.parse(song()), webhook: { url: 'http://127.0.0.1/' } })],
    ['', song().replace('Acoustic Grand Piano', 'Agogo zzz')],
  ])('must end in one full stop: %s', async (query, body) => {
    const answer = await post(body, query);
    expect(answer.status).toBe(422);
    expect(answer.body.detail).toMatch(/[^.]\.$/);
  });

  test('must call a sound font that is not there by its name', async () => {
    expect(await post(song(), '?soundFont=nowhere')).toMatchObject({
      status: 422,
      body: { code: 'unknown-sound-font', errors: [{ parameter: 'soundFont' }] },
    });
  });

  test.each([
    ['tail=forever', 'must be "silence", "exact", "loop" or a number'],
    ['range.startBar=1&range.startSeconds=0', 'may have only one of startBar or startSeconds'],
    ['range=5', 'must be an object'],
    ['sampleRate=NaN', 'must be a number'],
    ['sampleRate=44100.5', 'must be a whole number'],
    ['stems=yes', 'must be true or false'],
    ['format=WAV', 'must be "wav", "flac", "mp3" or "opus"; did you mean "wav"?'],
    ['formt=wav', 'is not known here; did you mean format?'],
    ['sampleRate=7999', 'must be at least 8000 Hz'],
  ])('must say what an option has to be: %s', async (query, message) => {
    const answer = await post(song(), `?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { code: 'options-invalid', errors: [{ message }] } });
  });

  test('must refuse a cursor that is none', async () => {
    expect(await ask(`${api.url}/v1/renders?cursor=garbage`)).toMatchObject({
      status: 400,
      body: {
        code: 'parameters-invalid',
        errors: [{ parameter: 'cursor', message: expect.stringMatching(/^must be a cursor/) }],
      },
    });
  });

  test('must refuse two entries for one part at both places', async () => {
    const parts = [
      { part: 'Lead', gainDb: -3 },
      { part: 0, pan: 0.2 },
    ];
    expect(await post(JSON.stringify({ score: JSON.parse(song()), options: { parts } }))).toMatchObject({
      status: 422,
      body: {
        code: 'part-set-twice',
        errors: [{ pointer: '/options/parts/0/part' }, { pointer: '/options/parts/1/part' }],
      },
    });
  });

  test('must name everything that is wrong at once: score, options, webhook, metadata and the members around them', async () => {
    const body = {
      score: 5,
      options: { format: 'x' },
      webhook: { url: 'x' },
      metadata: { a: 1 },
      option: {},
      fileName: 7,
    };
    const answer = await post(JSON.stringify(body));
    expect(answer.status).toBe(422);
    const faults = answer.body.errors as { pointer: string; message: string }[];
    expect(faults.map(({ pointer }) => pointer).sort()).toEqual([
      '/fileName',
      '/metadata/a',
      '/option',
      '/options/format',
      '/score',
      '/webhook/url',
    ]);
    expect(faults.find(({ pointer }) => pointer === '/option')?.message).toBe(
      'is not known here; did you mean options?',
    );
  });

  test('must say in a song what a number is counted in', async () => {
    const answer = await post(song().replace('"Duration":1', '"Duration":-1').replace('"Tempo":60', '"Tempo":0'));
    expect(answer.body.errors).toEqual([
      { pointer: '/Tempo', message: 'must be at least 0.01 beats a minute' },
      { pointer: '/Tracks/0/Bars/0/SoundEvents/0/Duration', message: 'must be at least 0 beats' },
    ]);
  });

  test('must say that a parameter given twice has to be a number', async () => {
    const answer = await ask(`${api.url}/v1/renders?limit=1&limit=2`);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'parameters-invalid', errors: [{ parameter: 'limit', message: 'must be a number' }] },
    });
  });

  test.each(['[]', '"wav"', '5', 'true'])('must refuse options that are no object: %s', async (options) => {
    const answer = await post(`{"score":${song()},"options":${options}}`);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'options-invalid', errors: [{ pointer: '/options', message: 'must be an object' }] },
    });
  });
});
