import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MusistrataClient, type RemoteFile } from '@musistrata/client';
import { save } from '@musistrata/client/node';
import { render, type ScriptedService, type SeenRequest, scriptedService } from './scripted-service.js';

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, index) => (index * index) >> 3));
const sha256 = createHash('sha256').update(content).digest('hex');

/** Answers a request for the file as RFC 9110 wants it, of which only the first `most` bytes leave before the connection is cut. */
function sendFile(
  response: ServerResponse,
  { headers }: SeenRequest,
  most = Number.POSITIVE_INFINITY,
  bytes = content,
) {
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  const wanted = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
  const holds = headers['if-range'] === undefined || headers['if-range'] === etag;
  const start = wanted !== undefined && holds ? Number(wanted) : 0;
  const body = bytes.subarray(start);
  response.writeHead(start > 0 ? 206 : 200, {
    'content-type': 'audio/wav',
    'content-length': body.length,
    etag,
    ...(start > 0 && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  });
  if (most >= body.length) response.end(body);
  else response.write(body.subarray(0, most), () => setTimeout(() => response.destroy(), 20));
}

const sendAll = (response: ServerResponse, request: SeenRequest) => sendFile(response, request);

let service: ScriptedService;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-'));
});
afterEach(async () => {
  await service.close();
  await rm(folder, { recursive: true });
});

async function fileOf(script: Parameters<typeof scriptedService>[0], announced = sha256): Promise<RemoteFile> {
  service = await scriptedService(script);
  const client = new MusistrataClient({ baseUrl: service.baseUrl });
  const audio = {
    url: '/v1/renders/r1/audio',
    contentType: 'audio/wav',
    bytes: content.length,
    durationSeconds: 1,
    sampleRate: 44100,
    channels: 2,
    bitDepth: 24,
    sha256: announced,
    peakDbtp: null,
    loudnessLufs: null,
  };
  return client.audio(render({ status: 'succeeded', audio }));
}

async function bytesOf(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('reading', () => {
  test('gives the file as a stream and in memory', async () => {
    const file = await fileOf(sendAll);
    expect((await bytesOf(await file.stream())).equals(content)).toBe(true);
    const blob = await file.blob();
    expect(blob.type).toBe('audio/wav');
    expect(Buffer.from(await blob.arrayBuffer()).equals(content)).toBe(true);
  });

  test('takes a connection that breaks twice up where it broke', async () => {
    const file = await fileOf((response, request, index) =>
      sendFile(response, request, index < 2 ? 70_000 : undefined),
    );
    expect((await bytesOf(await file.stream())).equals(content)).toBe(true);
    const ranges = service.seen.map(({ headers }) => headers.range);
    expect(ranges).toEqual([undefined, 'bytes=70000-', 'bytes=140000-']);
    expect(service.seen[1]?.headers['if-range']).toBe(`"${sha256}"`);
  });

  test('does without ranges where the service has none', async () => {
    const file = await fileOf((response, request, index) =>
      sendFile(response, { ...request, headers: {} }, index === 0 ? 70_000 : undefined),
    );
    expect((await bytesOf(await file.stream())).equals(content)).toBe(true);
    expect(service.seen).toHaveLength(2);
  });

  test('never joins two files', async () => {
    const other = Buffer.from(content).reverse();
    const file = await fileOf((response, request, index) =>
      index === 0 ? sendFile(response, request, 70_000) : sendFile(response, request, undefined, other),
    );
    await expect(file.blob()).rejects.toMatchObject({ code: 'download-changed' });
  });

  test('ends with an error when one bit is wrong', async () => {
    const wrong = Buffer.from(content);
    wrong[200_000]! ^= 1;
    const file = await fileOf((response, request) => sendFile(response, request, undefined, wrong));
    await expect(bytesOf(await file.stream())).rejects.toMatchObject({ code: 'download-corrupt' });
  });

  test('that is given up ends the connection', async () => {
    const closed = new Promise<void>((resolve) => {
      void fileOf((response) => {
        response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 1000));
        response.on('close', resolve);
      }).then(async (file) => (await file.stream()).cancel());
    });
    await closed;
    expect(service.seen).toHaveLength(1);
  });
});

describe('saving', () => {
  test('leaves the whole file and nothing else', async () => {
    const file = await fileOf((response, request, index) =>
      sendFile(response, request, index === 0 ? 70_000 : undefined),
    );
    const told: number[] = [];
    await save(file, join(folder, 'a.wav'), { onProgress: (bytes) => told.push(bytes) });
    expect(await readdir(folder)).toEqual(['a.wav']);
    expect((await readFile(join(folder, 'a.wav'))).equals(content)).toBe(true);
    expect(told.at(-1)).toBe(content.length);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });

  test('that was aborted continues the next time, by another client', async () => {
    const control = new AbortController();
    const first = await fileOf((response, request) => sendFile(response, request, 70_000));
    const onProgress = (bytes: number) => bytes > 0 && control.abort();
    await expect(save(first, join(folder, 'a.wav'), { signal: control.signal, onProgress })).rejects.toMatchObject({
      name: 'AbortError',
    });
    const [partial] = await readdir(folder);
    const before = (await readFile(join(folder, partial!))).length;
    expect(before).toBeGreaterThan(0);
    await service.close();
    await save(await fileOf(sendAll), join(folder, 'a.wav'));
    expect(service.seen.map(({ headers }) => headers.range)).toEqual([`bytes=${before}-`]);
    expect(await readdir(folder)).toEqual(['a.wav']);
    expect((await readFile(join(folder, 'a.wav'))).equals(content)).toBe(true);
  });

  test('after an attempt that had everything but the name asks for nothing', async () => {
    const file = await fileOf(sendAll);
    await writeFile(join(folder, `.a.wav.${sha256.slice(0, 16)}.part`), content);
    await save(file, join(folder, 'a.wav'));
    expect(service.seen).toHaveLength(0);
    expect(await readdir(folder)).toEqual(['a.wav']);
  });

  test('onto a damaged beginning is refused, forgotten, and works the next time', async () => {
    const file = await fileOf(sendAll);
    await writeFile(join(folder, `.a.wav.${sha256.slice(0, 16)}.part`), Buffer.alloc(1000));
    await expect(save(file, join(folder, 'a.wav'))).rejects.toMatchObject({ code: 'download-corrupt' });
    expect(await readdir(folder)).toEqual([]);
    await save(file, join(folder, 'a.wav'));
    expect((await readFile(join(folder, 'a.wav'))).equals(content)).toBe(true);
  });

  test('without resuming leaves nothing behind when it fails', async () => {
    const wrong = Buffer.from(content);
    wrong[0]! ^= 1;
    const file = await fileOf((response, request) => sendFile(response, request, undefined, wrong));
    await writeFile(join(folder, 'a.wav'), 'an older file');
    await expect(save(file, join(folder, 'a.wav'), { resume: false })).rejects.toMatchObject({
      code: 'download-corrupt',
    });
    expect(await readdir(folder)).toEqual(['a.wav']);
    expect(await readFile(join(folder, 'a.wav'), 'utf8')).toBe('an older file');
  });
});
