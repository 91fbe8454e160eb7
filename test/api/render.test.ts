import { beforeAll, describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../redis/test-redis.js';
import { ask, type RunningApi, song, startApi } from './start-api.js';
import { audioBytes, startStation } from './start-station.js';

const redis = useTestRedis('api-render');
let api: RunningApi;

beforeAll(async () => {
  api = await startApi(redis);
  await startStation(redis, api);
});

let velocity = 0;
const submit = (query = '', headers: Record<string, string> = {}) =>
  ask(`${api.url}/v1/renders${query}`, {
    method: 'POST',
    // Every call another song: equal ones would share their audio.
    body: song(++velocity),
    headers: { 'Content-Type': 'application/json', ...headers },
  });
const finished = async (query = '') => {
  const { body } = await submit(query, { Prefer: 'wait=20' });
  return String(body.id);
};
const get = (path: string, headers: Record<string, string> = {}) => ask(`${api.url}${path}`, { headers });

describe('a render', () => {
  test('must 201 with the finished render if it ends within Prefer: wait', async () => {
    const { status, headers, body } = await submit('', { Prefer: 'wait=20' });
    expect(status).toBe(201);
    expect(headers.get('preference-applied')).toBe('wait=20');
    expect(headers.get('location')).toBe(`/v1/renders/${String(body.id)}`);
    expect(body).toMatchObject({
      status: 'succeeded',
      progress: { fraction: 1 },
      audio: { url: `/v1/renders/${String(body.id)}/audio`, contentType: 'audio/wav', bytes: audioBytes.length },
    });
  });

  test('must 200 with the audio itself if the client waits and accepts audio', async () => {
    const response = await fetch(`${api.url}/v1/renders`, {
      method: 'POST',
      body: song(++velocity),
      headers: { 'Content-Type': 'application/json', Accept: 'audio/*', Prefer: 'wait=20', Range: 'bytes=0-9' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect(response.headers.get('content-location')).toBe(`${response.headers.get('location')}/audio`);
    expect(Buffer.from(await response.arrayBuffer()).equals(audioBytes)).toBe(true);
  });

  test('must 406 before any work if the client accepts another format than it asks for', async () => {
    const answer = await submit('?format=flac', { Accept: 'audio/mpeg', Prefer: 'wait=20' });
    expect(answer).toMatchObject({ status: 406, body: { code: 'not-acceptable' } });
  });

  test('must 406 rather than give another format again that the Idempotency-Key stands for', async () => {
    const headers = { 'Idempotency-Key': 'either format', Prefer: 'wait=20' };
    const first = await fetch(`${api.url}/v1/renders`, {
      method: 'POST',
      body: song(77),
      headers: { ...headers, 'Content-Type': 'application/json', Accept: 'audio/wav' },
    });
    expect(first.headers.get('content-type')).toBe('audio/wav');
    await first.arrayBuffer();
    const second = await fetch(`${api.url}/v1/renders`, {
      method: 'POST',
      body: song(77),
      headers: { ...headers, 'Content-Type': 'application/json', Accept: 'audio/flac' },
    });
    expect(second.status).toBe(406);
  });

  test('must render in the format that the client accepts if it names none', async () => {
    const response = await fetch(`${api.url}/v1/renders`, {
      method: 'POST',
      body: song(++velocity),
      headers: { 'Content-Type': 'application/json', Accept: 'audio/flac', Prefer: 'wait=20' },
    });
    await response.arrayBuffer();
    expect(response.status).toBe(200);
    const { body } = await get(response.headers.get('location') ?? '');
    expect(body).toMatchObject({ options: { format: 'flac' } });
  });

  test('must say so if equal audio was made before', async () => {
    const body = song(++velocity);
    const init = { method: 'POST', body, headers: { 'Content-Type': 'application/json', Prefer: 'wait=20' } };
    const first = await ask(`${api.url}/v1/renders`, init);
    const second = await ask(`${api.url}/v1/renders`, init);
    expect(first.body).toMatchObject({ status: 'succeeded', cached: false });
    expect(second.body).toMatchObject({ status: 'succeeded', cached: true });
    expect(second.body.id).not.toBe(first.body.id);
  });

  test('must hold GET ?wait until it ends', async () => {
    const { body } = await submit('?tags.comment=steps');
    const answer = await get(`/v1/renders/${String(body.id)}?wait=20`);
    expect(answer).toMatchObject({ status: 200, body: { status: 'succeeded' } });
    expect(answer.headers.get('retry-after')).toBeNull();
  });

  test('must 304 if nothing has changed since If-None-Match', async () => {
    const id = await finished();
    const first = await get(`/v1/renders/${id}`);
    const etag = first.headers.get('etag') ?? '';
    expect(await get(`/v1/renders/${id}`, { 'If-None-Match': etag })).toMatchObject({ status: 304, body: {} });
  });

  test('must 404 if it never was, whatever its id looks like', async () => {
    for (const id of ['01k00000000000000000000000', 'x', '%2e%2e%2f', '..%5c..', 'a'.repeat(3000), '%00'])
      expect(await get(`/v1/renders/${id}`)).toMatchObject({ status: 404, body: { code: 'render-not-found' } });
  });

  test('must 204 when it is deleted, again and again, and then be 410', async () => {
    const id = await finished();
    const remove = () => ask(`${api.url}/v1/renders/${id}`, { method: 'DELETE' });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(204);
    expect(await get(`/v1/renders/${id}`)).toMatchObject({ status: 410, body: { code: 'render-gone' } });
    expect(await get(`/v1/renders/${id}/audio`)).toMatchObject({ status: 410, body: { code: 'render-gone' } });
    expect(await ask(`${api.url}/v1/renders/01k00000000000000000000000`, { method: 'DELETE' })).toMatchObject({
      status: 404,
    });
  });

  test('must 202 when it is canceled while it runs, and have no audio', async () => {
    const { body } = await submit('?tags.comment=slow');
    const id = String(body.id);
    expect(await get(`/v1/renders/${id}/audio`)).toMatchObject({ status: 409, body: { code: 'render-unfinished' } });
    const answer = await ask(`${api.url}/v1/renders/${id}`, { method: 'DELETE' });
    expect(answer).toMatchObject({ status: 202, body: { status: 'canceled' } });
    expect(await get(`/v1/renders/${id}/audio`)).toMatchObject({ status: 409, body: { code: 'render-canceled' } });
  });

  test('must say truly when it makes sense to ask for its audio again', async () => {
    // Half a second of audio per second: a song of some seconds takes longer than the least that Retry-After can say.
    await redis.client.hset(`{${redis.name}}:speed`, 'factor', '0.5');
    const { body } = await submit('?tags.comment=slow');
    const path = `/v1/renders/${String(body.id)}`;
    const retryAfter = async (below: string) => Number((await get(path + below)).headers.get('retry-after'));
    expect(await retryAfter('')).toBeGreaterThan(2);
    for (const file of ['/audio', '/stems', '/timing', '/stems.zip'])
      expect(await retryAfter(file)).toBe(await retryAfter(''));
    await ask(`${api.url}${path}`, { method: 'DELETE' });
  });

  test('must say why it failed, and 409 for its audio', async () => {
    const { status, body } = await submit('?tags.comment=refuse', { Prefer: 'wait=20' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'failed', error: { code: 'instrument-unknown' } });
    expect(await get(`/v1/renders/${String(body.id)}/audio`)).toMatchObject({
      status: 409,
      body: { code: 'render-failed' },
    });
  });

  test('must be listed newest first, page by page, and by status', async () => {
    const ids = [await finished(), await finished(), await finished()];
    const first = await get('/v1/renders?limit=2');
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await get(next);
    const listed = [first, second].flatMap(({ body }) => (body.renders as { id: string }[]).map(({ id }) => id));
    expect(listed.slice(0, 3)).toEqual(ids.toReversed());
    const failed = await get('/v1/renders?status=failed');
    expect((failed.body.renders as { status: string }[]).every(({ status }) => status === 'failed')).toBe(true);
    expect(await get('/v1/renders?status=lost&limit=0&page=2')).toMatchObject({
      status: 400,
      body: {
        code: 'parameters-invalid',
        errors: [{ parameter: 'status' }, { parameter: 'limit' }, { parameter: 'page' }],
      },
    });
  });
});

describe('the files of a render', () => {
  test('must come with validators, ranges and a good name', async () => {
    const id = await finished('?tags.title=F%C3%BCr%20Elise');
    const whole = await fetch(`${api.url}/v1/renders/${id}/audio`);
    expect(Buffer.from(await whole.arrayBuffer()).equals(audioBytes)).toBe(true);
    expect(whole.headers.get('content-disposition')).toContain("filename*=UTF-8''F%C3%BCr%20Elise.wav");
    expect(whole.headers.get('content-disposition')).toMatch(/^inline/);
    expect(whole.headers.get('cache-control')).toMatch(/^private, max-age=\d+, immutable$/);
    const part = await fetch(`${api.url}/v1/renders/${id}/audio?download=true`, {
      headers: { Range: 'bytes=99990-', 'If-Range': whole.headers.get('etag') ?? '' },
    });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(Buffer.from(await part.arrayBuffer()).equals(audioBytes.subarray(99_990))).toBe(true);
    const head = await fetch(`${api.url}/v1/renders/${id}/audio`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('100000');
  });

  test('must not be counted as sent when only their head was asked for', async () => {
    const id = await finished();
    const sent = async () => {
      const text = await (await fetch(`${api.url}/metrics`)).text();
      return /^musistrata_http_sent_bytes_total\{route="\/v1\/renders\/\{id\}\/audio"\} (\d+)$/m.exec(text)?.[1];
    };
    const before = await sent();
    await fetch(`${api.url}/v1/renders/${id}/audio`, { method: 'HEAD' });
    expect(await sent()).toBe(before);
  });

  test('must be there for timing and peaks', async () => {
    const id = await finished();
    expect((await get(`/v1/renders/${id}/timing`)).body).toEqual({ notes: [] });
    expect((await get(`/v1/renders/${id}/peaks`)).body).toEqual({ peaks: [] });
  });

  test('must refuse to write a score as MIDI that has become too large for the server, by the code of that', async () => {
    const two = JSON.parse(song(91)) as { Tracks: { Bars: { SoundEvents: object[] }[] }[] };
    const [note] = two.Tracks[0]!.Bars[0]!.SoundEvents;
    two.Tracks[0]!.Bars[0]!.SoundEvents.push({ ...note, Beat: 2 });
    const json = { 'Content-Type': 'application/json' };
    const { body } = await ask(`${api.url}/v1/renders`, { method: 'POST', body: JSON.stringify(two), headers: json });
    const smaller = await startApi(redis, { DATA_DIR: api.folder, MAX_NOTES: '1' });
    expect(await ask(`${smaller.url}/v1/renders/${String(body.id)}/midi`)).toMatchObject({
      status: 413,
      body: { code: 'score-too-large' },
    });
  });

  test('must be there for every part if stems were asked for', async () => {
    const id = await finished('?stems=true');
    const { body } = await get(`/v1/renders/${id}/stems`);
    expect(body.stems).toMatchObject([
      { part: 0, name: 'Lead', url: `/v1/renders/${id}/stems/0` },
      { part: 1, url: `/v1/renders/${id}/stems/1` },
    ]);
    const stem = await fetch(`${api.url}/v1/renders/${id}/stems/1`);
    expect(Buffer.from(await stem.arrayBuffer()).equals(audioBytes.subarray(1000))).toBe(true);
    for (const part of ['2', '-1', '1e0', 'x', '..'])
      expect((await get(`/v1/renders/${id}/stems/${encodeURIComponent(part)}`)).status).toBe(404);
  });

  test('must 404 for stems that were not asked for', async () => {
    const id = await finished();
    for (const path of ['stems', 'stems/0', 'stems.zip'])
      expect(await get(`/v1/renders/${id}/${path}`)).toMatchObject({
        status: 404,
        body: { code: 'render-file-not-found' },
      });
  });

  test('must come as a stored archive of known length', async () => {
    const id = await finished('?stems=true');
    const response = await fetch(`${api.url}/v1/renders/${id}/stems.zip`);
    expect(response.headers.get('content-type')).toBe('application/zip');
    const zip = Buffer.from(await response.arrayBuffer());
    expect(zip.length).toBe(Number(response.headers.get('content-length')));
    // Local headers (APPNOTE 4.3.7): method 0 is stored, and no name leaves the folder.
    expect(zip.readUInt32LE(0)).toBe(0x04034b50);
    expect(zip.readUInt16LE(8)).toBe(0);
    expect(zip.includes(audioBytes.subarray(1000))).toBe(true);
    expect(zip.includes('1 Lead.wav')).toBe(true);
    expect(zip.includes('2 Bass left low .wav') || zip.includes('2 Bass left low.wav')).toBe(true);
    const again = await fetch(`${api.url}/v1/renders/${id}/stems.zip`, {
      headers: { 'If-None-Match': response.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
  });
});
