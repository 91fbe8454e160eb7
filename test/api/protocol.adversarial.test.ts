import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { useTestRedis } from '../redis/test-redis.js';
import { ask, type RunningApi, song, startApi } from './start-api.js';

const redis = useTestRedis('api-protocol');
let api: RunningApi;

beforeAll(async () => {
  api = await startApi(redis);
});

/** Sends bytes as they are and reads until the server ends the connection or has answered. */
function raw(text: string | Buffer, waitMs = 1500): Promise<string> {
  const { port, hostname } = new URL(api.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let answer = '';
    const done = () => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(waitMs, done);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', () => resolve(answer));
    socket.write(text);
  });
}

const status = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
const alive = async () => (await ask(`${api.url}/livez`)).status;

describe('the HTTP server', () => {
  test.each<[string, string | Buffer, number, string]>([
    [
      'headers beyond 32 KiB',
      `GET /livez HTTP/1.1\r\nHost: localhost\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`,
      431,
      'headers-too-large',
    ],
    ['an address beyond 16 KiB', `GET /${'a'.repeat(17_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 414, 'uri-too-long'],
    ['a method that HTTP does not know', 'BREW /livez HTTP/1.1\r\nHost: localhost\r\n\r\n', 501, 'not-implemented'],
    ['bytes that are no HTTP', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400, 'malformed-request'],
    ['no Host', 'GET /livez HTTP/1.1\r\n\r\n', 400, 'malformed-request'],
    [
      'a header name with a space',
      'GET /livez HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\n\r\n',
      400,
      'malformed-request',
    ],
    ['two Hosts', 'GET /livez HTTP/1.1\r\nHost: localhost\r\nHost: example.org\r\n\r\n', 400, 'malformed-request'],
    ['a version of HTTP that is none', 'GET /livez HTTP/2.0\r\nHost: localhost\r\n\r\n', 400, 'malformed-request'],
    ['a tunnel', 'CONNECT example.org:80 HTTP/1.1\r\nHost: localhost\r\n\r\n', 501, 'not-implemented'],
    [
      'a transfer coding that is none',
      'POST /v1/renders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
      400,
      'malformed-request',
    ],
    [
      'a broken chunk of a body',
      'POST /v1/renders HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\nZZ\r\n',
      400,
      'malformed-request',
    ],
    ['a folded header', 'GET /livez HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n', 400, 'malformed-request'],
    ['a null in a header', 'GET /livez HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n', 400, 'malformed-request'],
  ])('must refuse %s with a problem', async (_title, text, expected, code) => {
    const answer = await raw(text);
    expect(status(answer)).toBe(expected);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain(`"code":"${code}"`);
    expect(await alive()).toBe(200);
  });

  test.each<[string, string]>([
    [
      'both Content-Length and Transfer-Encoding',
      'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n',
    ],
    [
      'two different Content-Lengths',
      'Content-Length: 5\r\nContent-Length: 40\r\n\r\n{}   GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n',
    ],
    [
      'an obfuscated Transfer-Encoding',
      'Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n',
    ],
    [
      'a chunk size that is no number',
      'Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n',
    ],
    [
      'a bare line feed in the headers',
      'X: a\nContent-Length: 0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n',
    ],
  ])('must not be talked into a second request by %s', async (_title, rest) => {
    const answer = await raw(
      `POST /v1/renders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${rest}`,
      700,
    );
    expect(answer).not.toContain('/smuggled');
    expect(await alive()).toBe(200);
  });

  test('must 405 with Allow for a method that an address does not have', async () => {
    const answer = await ask(`${api.url}/v1/renders`, { method: 'PUT' });
    expect(answer).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } });
    expect(answer.headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
    expect((await ask(`${api.url}/livez`, { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  test('must 204 with Allow for OPTIONS', async () => {
    const answer = await ask(`${api.url}/v1/renders/x`, { method: 'OPTIONS' });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, DELETE, OPTIONS');
  });

  test.each([
    '/favicon.ico',
    '/v1',
    '/v1/renders/',
    '/V1/renders',
    '/assets/../package.json',
    '/assets/%2e%2e%2fpackage.json',
    '/assets/__proto__',
    '/etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/.git/config',
    '/robots.txt',
  ])('must 404 for %s', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(status(answer)).toBe(404);
    expect(answer).toContain('"code":"route-not-found"');
  });

  test('must 400 for an address that is no UTF-8', async () => {
    expect(await ask(`${api.url}/v1/renders/%ff`)).toMatchObject({ status: 400, body: { code: 'malformed-url' } });
  });

  test('must not ask for a body that it would refuse', async () => {
    const head = (length: number) =>
      `POST /v1/renders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`;
    const refused = await raw(head(1e9));
    expect(status(refused)).toBe(413);
    expect(refused).not.toContain('100 Continue');
    const wanted = await raw(head(song().length), 500);
    expect(wanted).toContain('100 Continue');
  });

  test('must let a client read the refusal that sends its whole body first', async () => {
    const body = ' '.repeat(16 * 1024 * 1024 + 1);
    const tooLarge = { status: 413, body: { code: 'body-too-large' } };
    for (const path of ['/v1/renders', '/v1/scores'])
      expect(await ask(`${api.url}${path}`, { method: 'POST', body })).toMatchObject(tooLarge);
    const form = new FormData();
    form.set('score', new Blob([body]));
    expect(await ask(`${api.url}/v1/renders`, { method: 'POST', body: form })).toMatchObject(tooLarge);
    expect(await ask(`${api.url}/nowhere`, { method: 'POST', body })).toMatchObject({ status: 404 });
  });

  test('must answer 413 to a body that grows without end, and cut the connection when it goes on', async () => {
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const endless = `POST /v1/renders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(300)}`;
    expect(status(await raw(endless, 1000))).toBe(413);
    const { port, hostname } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
    socket.write(endless);
    const more = setInterval(() => socket.writable && socket.write(chunk.repeat(16)), 10);
    expect(await closed).toBe(true);
    clearInterval(more);
    expect(await alive()).toBe(200);
  });

  test('must live on when a client leaves in the middle of a body', async () => {
    await raw(
      'POST /v1/renders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"Tempo":',
      100,
    );
    expect(await alive()).toBe(200);
  });

  test('must not take a header of the request into an answer', async () => {
    const { headers } = await ask(`${api.url}/livez`, { headers: { 'X-Request-Id': 'a\tb' } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const kept = await ask(`${api.url}/livez`, { headers: { 'X-Request-Id': 'trace-17' } });
    expect(kept.headers.get('x-request-id')).toBe('trace-17');
  });

  test('must answer only to local names while it asks for no key', async () => {
    const answer = await raw('GET /v1/renders HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect(status(answer)).toBe(421);
    expect(status(await raw('GET /v1/limits HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n'))).toBe(200);
  });

  test('must not let a foreign page change anything', async () => {
    const headers = { Origin: 'https://evil.example', 'Content-Type': 'text/plain' };
    const answer = await ask(`${api.url}/v1/renders`, { method: 'POST', body: song(), headers });
    expect(answer).toMatchObject({ status: 403, body: { code: 'origin-not-allowed' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    const own = await ask(`${api.url}/v1/renders`, {
      method: 'POST',
      body: song(),
      headers: { ...headers, Origin: api.url },
    });
    expect(own.status).toBe(202);
  });

  test('must send the headers that keep browsers careful', async () => {
    const { headers } = await ask(`${api.url}/livez`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
