import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerProblem, sendFile, toProblem } from '@musistrata/api';

const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
const sha256 = createHash('sha256').update(bytes).digest('hex');
const etag = `"${sha256}"`;
const lastModified = new Date('2026-01-02T03:04:05.678Z');
const date = 'Fri, 02 Jan 2026 03:04:05 GMT';
const later = 'Sat, 03 Jan 2026 03:04:05 GMT';
const earlier = 'Thu, 01 Jan 2026 03:04:05 GMT';

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    sendFile(request, response, {
      bytes: bytes.length,
      contentType: 'audio/wav',
      sha256,
      lastModified,
      name: 'Für Elise.wav',
      disposition: 'attachment',
      cacheControl: 'private, max-age=60, immutable',
      read: async (range) => Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes]),
    }).catch((error: unknown) => answerProblem(response, toProblem(error), request.url ?? '/'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (headers: Record<string, string> = {}, method = 'GET') => fetch(url, { method, headers });
const body = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe('sendFile', () => {
  test('must 200 with the whole file, its validators and its name', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'audio/wav',
      'content-length': '5000',
      'accept-ranges': 'bytes',
      etag,
      'last-modified': date,
      'cache-control': 'private, max-age=60, immutable',
      'content-disposition': expect.stringContaining("filename*=UTF-8''F%C3%BCr%20Elise.wav"),
    });
    expect((await body(response)).equals(bytes)).toBe(true);
  });

  test('must answer HEAD like GET without a body, and ignore its Range', async () => {
    const response = await ask({ Range: 'bytes=0-9' }, 'HEAD');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('5000');
    expect((await body(response)).length).toBe(0);
  });

  test('must 206 with one range', async () => {
    const response = await ask({ Range: 'bytes=100-199' });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe('bytes 100-199/5000');
    expect(response.headers.get('content-length')).toBe('100');
    expect((await body(response)).equals(bytes.subarray(100, 200))).toBe(true);
  });

  test('must 206 with several ranges as multipart/byteranges of the announced length', async () => {
    const response = await ask({ Range: 'bytes=0-1,4000-4009,-3' });
    expect(response.status).toBe(206);
    const boundary = /^multipart\/byteranges; boundary=(.+)$/.exec(response.headers.get('content-type') ?? '')?.[1];
    const content = await body(response);
    expect(content.length).toBe(Number(response.headers.get('content-length')));
    const expected = [
      [0, 1],
      [4000, 4009],
      [4997, 4999],
    ].map(([start, end]) =>
      Buffer.concat([
        Buffer.from(
          `\r\n--${boundary}\r\nContent-Type: audio/wav\r\nContent-Range: bytes ${start}-${end}/5000\r\n\r\n`,
        ),
        bytes.subarray(start, end! + 1),
      ]),
    );
    expect(content.equals(Buffer.concat([...expected, Buffer.from(`\r\n--${boundary}--\r\n`)]))).toBe(true);
  });

  test('must 416 with the length for a range outside', async () => {
    const response = await ask({ Range: 'bytes=5000-' });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */5000');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 416, code: 'range-not-satisfiable' });
  });

  test.each<[string, Record<string, string>, number]>([
    ['If-None-Match of this version', { 'If-None-Match': etag }, 304],
    ['If-None-Match with a weak tag', { 'If-None-Match': `W/${etag}` }, 304],
    ['If-None-Match in a list', { 'If-None-Match': `"a", ${etag}` }, 304],
    ['If-None-Match *', { 'If-None-Match': '*' }, 304],
    ['If-None-Match of another version', { 'If-None-Match': '"a"' }, 200],
    ['If-None-Match over If-Modified-Since', { 'If-None-Match': '"a"', 'If-Modified-Since': later }, 200],
    ['If-Modified-Since the same second', { 'If-Modified-Since': date }, 304],
    ['If-Modified-Since earlier', { 'If-Modified-Since': earlier }, 200],
    ['an If-Modified-Since that is no date', { 'If-Modified-Since': '2026-01-03' }, 200],
    ['If-Match of this version', { 'If-Match': etag }, 200],
    ['If-Match *', { 'If-Match': '*' }, 200],
    ['If-Match with a weak tag', { 'If-Match': `W/${etag}` }, 412],
    ['If-Match of another version', { 'If-Match': '"a"' }, 412],
    ['If-Match over If-Unmodified-Since', { 'If-Match': etag, 'If-Unmodified-Since': earlier }, 200],
    ['If-Match before If-None-Match', { 'If-Match': '"a"', 'If-None-Match': etag }, 412],
    ['If-Unmodified-Since earlier', { 'If-Unmodified-Since': earlier }, 412],
    ['If-Unmodified-Since the same second', { 'If-Unmodified-Since': date }, 200],
    ['If-None-Match before Range', { 'If-None-Match': etag, Range: 'bytes=0-1' }, 304],
    ['If-Range of this version', { 'If-Range': etag, Range: 'bytes=0-1' }, 206],
    ['If-Range with a weak tag', { 'If-Range': `W/${etag}`, Range: 'bytes=0-1' }, 200],
    ['If-Range of another version', { 'If-Range': '"a"', Range: 'bytes=0-1' }, 200],
    ['If-Range of another version and a range outside', { 'If-Range': '"a"', Range: 'bytes=9000-' }, 200],
    ['If-Range with the date of the file', { 'If-Range': date, Range: 'bytes=0-1' }, 206],
    ['If-Range with a later date', { 'If-Range': later, Range: 'bytes=0-1' }, 200],
  ])('must judge %s as RFC 9110 section 13 does', async (_title, headers, status) => {
    const response = await ask(headers);
    await response.arrayBuffer();
    expect(response.status).toBe(status);
    if (status !== 412) expect(response.headers.get('etag')).toBe(etag);
  });
});
