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
    ['format=WAV', 'must be "wav", "flac", "mp3" or "opus"'],
  ])('must say what an option has to be: %s', async (query, message) => {
    const answer = await post(song(), `?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { code: 'options-invalid', errors: [{ message }] } });
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
