import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeKey } from '@musistrata/api';
import { useTestRedis } from '../../redis/test-redis.js';
import { ask, type RunningApi, song, startApi } from '../start-api.js';
import { audioBytes, startStation } from '../start-station.js';

const redis = useTestRedis('api-access');
const studio = makeKey('studio', ['submit', 'read']);
const listener = makeKey('listener', ['read']);
const ops = makeKey('ops', ['admin']);
const busy = makeKey('busy', ['submit', 'read']);
let api: RunningApi;

beforeAll(async () => {
  api = await startApi(redis, {
    API_KEYS: [studio, listener, ops, busy].map(({ line }) => line).join(';'),
    LINK_SECRETS: 'a-secret-of-at-least-thirty-two-characters',
    REQUESTS_PER_MINUTE: '30',
    UNFINISHED_PER_KEY: '3',
    CORS_ORIGINS: 'https://player.example',
  });
  await startStation(redis, api);
});

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
let velocity = 0;
const submit = (key: string, query = '', headers: Record<string, string> = {}) =>
  ask(`${api.url}/v1/renders${query}`, {
    method: 'POST',
    body: song(++velocity),
    headers: { 'Content-Type': 'application/json', ...bearer(key), ...headers },
  });

describe('a service with API keys', () => {
  test.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['an unknown key', bearer('mr_guess')],
    ['the digest of a key', bearer(studio.line.split(' ')[2]!)],
    ['an empty key', { Authorization: 'Bearer ' }],
    ['another scheme', { Authorization: `Digest ${studio.key}` }],
    [
      'a key as a password where no browser asks',
      { Authorization: `Basic ${Buffer.from(`x:${studio.key}`).toString('base64')}` },
    ],
  ])('must 401 for %s', async (_title, headers) => {
    const answer = await ask(`${api.url}/v1/renders`, { headers });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  test('must not take a key from the address', async () => {
    expect((await ask(`${api.url}/v1/capacity?key=${studio.key}&access_token=${studio.key}`)).status).toBe(401);
  });

  test('must 403 for what the scopes of a key leave out', async () => {
    expect(await submit(listener.key)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await ask(`${api.url}/v1/renders`, { headers: bearer(listener.key) })).status).toBe(200);
    for (const path of ['/queues/', '/queues/api/queues'])
      expect([path, (await ask(`${api.url}${path}`, { headers: bearer(studio.key) })).status]).toEqual([path, 403]);
    expect(
      await ask(`${api.url}/v1/soundfonts?name=x`, { method: 'POST', body: 'x', headers: bearer(studio.key) }),
    ).toMatchObject({ status: 403 });
    expect((await fetch(`${api.url}/metrics`)).status).toBe(401);
    expect((await fetch(`${api.url}/metrics`, { headers: bearer(listener.key) })).status).toBe(200);
  });

  test('must ask a browser for the key of the dashboard', async () => {
    const asked = await fetch(`${api.url}/queues/`);
    expect(asked.status).toBe(401);
    expect(asked.headers.get('www-authenticate')).toMatch(/^Basic/);
    const given = { Authorization: `Basic ${Buffer.from(`ops:${ops.key}`).toString('base64')}` };
    const page = await fetch(`${api.url}/queues/`, { headers: given });
    expect(page.status).toBe(200);
    const html = await page.text();
    expect(html).toContain('<html');
    // Nothing from elsewhere: the policy would refuse it.
    expect(html).not.toContain('https://');
    const foreign = await fetch(`${api.url}/queues/api/queues/jobs/pause`, {
      method: 'PUT',
      headers: { ...given, Origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
  });

  test.each(['/livez', '/readyz', '/v1/limits', '/openapi.json', '/docs', '/t1.wav'])(
    'must be open to everybody at %s',
    async (path) => {
      const response = await fetch(`${api.url}${path}`);
      await response.arrayBuffer();
      expect(response.status).toBe(200);
    },
  );

  test('must show a render to its key and to operators only', async () => {
    const { body } = await submit(studio.key, '', { Prefer: 'wait=20' });
    const id = String(body.id);
    expect((await ask(`${api.url}/v1/renders/${id}`, { headers: bearer(studio.key) })).status).toBe(200);
    expect((await ask(`${api.url}/v1/renders/${id}`, { headers: bearer(ops.key) })).status).toBe(200);
    for (const path of ['', '/audio', '/events', '/timing', '/midi', '/deliveries', '?wait=1'])
      expect([
        path,
        (await ask(`${api.url}/v1/renders/${id}${path}`, { headers: bearer(listener.key) })).status,
      ]).toEqual([path, 404]);
    expect((await ask(`${api.url}/v1/renders/${id}`, { method: 'DELETE', headers: bearer(busy.key) })).status).toBe(
      404,
    );
    const listed = await ask(`${api.url}/v1/renders`, { headers: bearer(listener.key) });
    expect(listed.body.renders).toEqual([]);
    const all = await ask(`${api.url}/v1/renders`, { headers: bearer(ops.key) });
    expect((all.body.renders as { id: string }[]).map((render) => render.id)).toContain(id);
  });

  test('must give links that play without a key, and only what they are for', async () => {
    const { body } = await submit(studio.key, '?stems=true', { Prefer: 'wait=20' });
    const link = (body.audio as { url: string }).url;
    const response = await fetch(api.url + link, { headers: { Range: 'bytes=0-9' } });
    expect(response.status).toBe(206);
    expect(Buffer.from(await response.arrayBuffer()).equals(audioBytes.subarray(0, 10))).toBe(true);
    expect((await fetch(`${api.url + link}&download=true`)).status).toBe(200);
    for (const other of [
      link.replace('/audio', '/stems/0'),
      link.replace('/audio', ''),
      link.replace('/audio', '/../../audio'),
      link.replace(/expires=\d/, 'expires=9'),
      link.replace(/signature=(.)/, (_, first) => `signature=${first === '_' ? '-' : '_'}`),
      link.replace(/&signature=.*/, ''),
      link.replace('expires=', 'expires=1&expires='),
    ])
      expect([401, 403, 404]).toContain((await fetch(api.url + other)).status);
    expect((await fetch(api.url + link, { method: 'DELETE' })).status).toBe(405);
    const stems = await ask(`${api.url}/v1/renders/${String(body.id)}/stems`, { headers: bearer(studio.key) });
    const archive = await fetch(api.url + String(stems.body.archiveUrl));
    expect([archive.status, archive.headers.get('content-type')]).toEqual([200, 'application/zip']);
    await archive.arrayBuffer();
  });

  test('must 429 with a truthful Retry-After beyond the allowance of a key, counted by all processes', async () => {
    const other = await startApi(redis, {
      API_KEYS: listener.line.replace('read', 'submit'),
      LINK_SECRETS: 'a-secret-of-at-least-thirty-two-characters',
      REQUESTS_PER_MINUTE: '30',
    });
    const ask2 = (url: string) =>
      ask(`${url}/v1/renders?colour=red`, {
        method: 'POST',
        body: song(),
        headers: { 'Content-Type': 'application/json', ...bearer(url === api.url ? ops.key : listener.key) },
      });
    const statuses: number[] = [];
    for (let index = 0; index < 31; index++) statuses.push((await ask2(other.url)).status);
    expect(statuses.filter((status) => status === 422).length).toBe(30);
    const refused = await ask2(other.url);
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    // Looking into scores takes the same threads.
    const looked = await ask(`${other.url}/v1/scores`, {
      method: 'POST',
      body: song(),
      headers: { 'Content-Type': 'application/json', ...bearer(listener.key) },
    });
    expect(looked).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    // Another key has an allowance of its own.
    expect((await ask2(api.url)).status).toBe(422);
  });

  test('must 429 for more unfinished renders than a key may have', async () => {
    const answers = [];
    for (let index = 0; index < 4; index++) answers.push(await submit(busy.key, '?tags.comment=slow'));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429]);
    expect(answers[3]).toMatchObject({ body: { code: 'too-many-renders' } });
    expect(Number(answers[3]!.headers.get('retry-after'))).toBeGreaterThan(0);
    for (const { body } of answers.slice(0, 3))
      await ask(`${api.url}/v1/renders/${String(body.id)}`, { method: 'DELETE', headers: bearer(busy.key) });
  });

  test('must let pages of allowed origins in, and no others', async () => {
    const preflight = (origin: string) =>
      fetch(`${api.url}/v1/renders`, {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization',
        },
      });
    const allowed = await preflight('https://player.example');
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://player.example');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).not.toBe(
      'https://evil.example',
    );
  });

  test('must refuse webhooks to private addresses', async () => {
    const body = JSON.stringify({ score: JSON.parse(song()), webhook: { url: 'http://169.254.169.254/latest' } });
    const answer = await ask(`${api.url}/v1/renders`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'application/json', ...bearer(studio.key) },
    });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/webhook/url' }] } });
  });
});
