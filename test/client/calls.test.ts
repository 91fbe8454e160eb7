import { afterEach, describe, expect, test } from '@jest/globals';
import { MusistrataClient, MusistrataError } from '@musistrata/client';
import {
  answerJson,
  answerProblem,
  render,
  type Script,
  type ScriptedService,
  scriptedService,
} from './scripted-service.js';

let service: ScriptedService;
afterEach(() => service.close());

async function clientOf(script: Script, options: { apiKey?: string; retries?: number; path?: string } = {}) {
  service = await scriptedService(script);
  const { apiKey, retries = 4, path = '' } = options;
  const baseUrl = service.baseUrl + path;
  return new MusistrataClient({ baseUrl, retry: { times: retries }, ...(apiKey !== undefined && { apiKey }) });
}

const song = { Tracks: [] };

describe('submitting', () => {
  test('sends a song as JSON with its options, under the key and a fresh Idempotency-Key', async () => {
    const client = await clientOf((response) => answerJson(response, 202, render()), { apiKey: 'secret' });
    await client.submit(song, { options: { format: 'flac' }, metadata: { take: '2' }, cancelAfterSeconds: 90 });
    await client.submit(song);
    const [first, second] = service.seen;
    expect(first).toMatchObject({ method: 'POST', url: '/v1/renders' });
    expect(first?.headers).toMatchObject({
      'content-type': 'application/json',
      authorization: 'Bearer secret',
      'cancel-after': '90',
    });
    expect(JSON.parse(String(first?.body))).toEqual({
      score: song,
      options: { format: 'flac' },
      metadata: { take: '2' },
    });
    expect(first?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.headers['idempotency-key']).not.toBe(first?.headers['idempotency-key']);
  });

  test('sends bytes as a form that any parser reads', async () => {
    const client = await clientOf((response) => answerJson(response, 202, render()));
    const bytes = new Uint8Array([0x4d, 0x54, 0x68, 0x64, 0, 255, 13, 10]);
    await client.submit({ bytes, contentType: 'audio/midi', fileName: 'a "b" ü.mid' }, { options: { stems: true } });
    const { headers, body } = service.seen[0]!;
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': headers['content-type']! },
    }).formData();
    const file = form.get('score') as File;
    expect([file.name, file.type]).toEqual(['a "b" ü.mid', 'audio/midi']);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
    expect(JSON.parse(String(form.get('options')))).toEqual({ stems: true });
  });

  test('repeats the very same request after 503, a cut connection and 429', async () => {
    const client = await clientOf((response, _request, index) => {
      if (index === 0) answerProblem(response, 503, 'queue-unavailable', {}, { 'retry-after': '0' });
      else if (index === 1) response.destroy();
      else if (index === 2) answerProblem(response, 429, 'rate-limited', {}, { 'retry-after': '0' });
      else answerJson(response, 202, render({ id: 'r9' }));
    });
    expect((await client.submit({ bytes: new Uint8Array(100_000) })).id).toBe('r9');
    const [first, ...others] = service.seen;
    expect(others).toHaveLength(3);
    for (const other of others) {
      expect(other.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
      expect(other.headers['content-type']).toBe(first?.headers['content-type']);
      expect(other.body.equals(first!.body)).toBe(true);
    }
  });
});

describe('a refusal', () => {
  test('carries the whole problem document and is not repeated', async () => {
    const errors = [{ pointer: '/score/Tempo', message: 'must be a number' }];
    const client = await clientOf((response) =>
      answerProblem(response, 422, 'score-invalid', { errors, requestId: 'q7' }),
    );
    const error = await client.submit(song).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(MusistrataError);
    expect(error).toMatchObject({
      code: 'score-invalid',
      status: 422,
      message: 'Refused: score-invalid.',
      errors,
      retryAfter: null,
      problem: { requestId: 'q7', title: 'score-invalid' },
    });
    expect(service.seen).toHaveLength(1);
  });

  test('that asks for more patience than the client has is reported at once, with the time', async () => {
    const client = await clientOf((response) =>
      answerProblem(response, 429, 'queue-full', {}, { 'retry-after': '3600' }),
    );
    await expect(client.submit(song)).rejects.toMatchObject({ code: 'queue-full', status: 429, retryAfter: 3600 });
    expect(service.seen).toHaveLength(1);
  });

  test('from a proxy that knows no problem documents still says what happened', async () => {
    const client = await clientOf((response) => response.writeHead(502).end('<html>'), { retries: 1 });
    await expect(client.get('r1')).rejects.toMatchObject({ code: 'http-502', status: 502, problem: null });
    expect(service.seen).toHaveLength(2);
  });
});

describe('what is not the service', () => {
  test('is told by its answer', async () => {
    const client = await clientOf((response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    await expect(client.get('r1')).rejects.toMatchObject({ code: 'answer-unreadable', status: 200 });
  });

  test('or by its silence', async () => {
    const client = await clientOf((response) => answerJson(response, 200, {}), { retries: 0 });
    await service.close();
    await expect(client.get('r1')).rejects.toMatchObject({ code: 'network', status: null });
  });

  test('an answer that breaks off is fetched again', async () => {
    const client = await clientOf((response, _request, index) => {
      if (index > 0) return answerJson(response, 200, render());
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 500 });
      response.write('{"id":', () => response.destroy());
    });
    expect((await client.get('r1')).id).toBe('r1');
    expect(service.seen).toHaveLength(2);
  });
});

test('a service below a path of its host is called there, and ids cannot leave theirs', async () => {
  const client = await clientOf((response) => answerJson(response, 200, render()), { path: '/music' });
  await client.get('../../etc?x#y');
  expect(service.seen[0]?.url).toBe('/music/v1/renders/..%2F..%2Fetc%3Fx%23y');
});

test('a list is fetched page by page, no further than it is read', async () => {
  const pages = [
    { renders: [render({ id: 'c' }), render({ id: 'b' })], cursor: 'b' },
    { renders: [render({ id: 'a' })], cursor: 'a' },
  ];
  const client = await clientOf((response, _request, index) => answerJson(response, 200, pages[index]));
  const ids: string[] = [];
  for await (const { id } of client.list({ status: 'queued', pageSize: 2 })) {
    ids.push(id);
    if (id === 'a') break;
  }
  expect(ids).toEqual(['c', 'b', 'a']);
  expect(service.seen.map(({ url }) => url)).toEqual([
    '/v1/renders?status=queued&limit=2',
    '/v1/renders?status=queued&limit=2&cursor=b',
  ]);
});

test('aborting ends a call, its pauses included, with the reason given', async () => {
  const reason = new Error('changed my mind');
  const control = new AbortController();
  const client = await clientOf((response) => {
    answerProblem(response, 503, 'queue-unavailable', {}, { 'retry-after': '50' });
    setImmediate(() => control.abort(reason));
  });
  await expect(client.get('r1', { signal: control.signal })).rejects.toBe(reason);
});

test('a sound font is sent as it is, under its name', async () => {
  const listed = { name: 'Brass (old)', bytes: 3, default: false, presets: [] };
  const client = await clientOf((response) => answerJson(response, 201, listed));
  expect(await client.uploadSoundFont('Brass (old)', new Blob([Uint8Array.of(1, 2, 3)]))).toEqual(listed);
  expect(service.seen[0]).toMatchObject({
    method: 'POST',
    url: '/v1/soundfonts?name=Brass+%28old%29',
    headers: { 'content-type': 'application/octet-stream', 'content-length': '3' },
    body: Buffer.of(1, 2, 3),
  });
});

test('samples are sent as the archive that they come in, under their name', async () => {
  const uploaded = { name: 'Harp', type: 'samples', instruments: ['Harp'], files: 1, bytes: 3, ignored: [] };
  const client = await clientOf((response) => answerJson(response, 201, uploaded));
  expect(await client.uploadSamples('Harp', Uint8Array.of(80, 75, 5))).toEqual(uploaded);
  expect(service.seen[0]).toMatchObject({
    method: 'POST',
    url: '/v1/samples?name=Harp',
    headers: { 'content-type': 'application/zip', 'content-length': '3' },
    body: Buffer.of(80, 75, 5),
  });
});

test('what was uploaded is listed, and removed by its name and nothing else', async () => {
  const client = await clientOf((response, { method }) =>
    method === 'GET' ? answerJson(response, 200, { samples: [] }) : response.writeHead(204).end(),
  );
  expect(await client.samples()).toEqual([]);
  await client.removeSamples('My Harp');
  await client.removeSoundFont('../a/b');
  expect(service.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
    'GET /v1/samples',
    'DELETE /v1/samples/My%20Harp',
    'DELETE /v1/soundfonts/..%2Fa%2Fb',
  ]);
});
