import { once } from 'node:events';
import { readdir, readlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readBody } from '@musistrata/api';
import { useTestRedis } from '../redis/test-redis.js';
import { ask, type RunningApi, song, startApi } from './start-api.js';
import { startStation } from './start-station.js';

const redis = useTestRedis('api-leaving');
let api: RunningApi;

beforeAll(async () => {
  api = await startApi(redis);
  await startStation(redis, api);
});

const submit = async (query: string, headers: Record<string, string> = {}) => {
  const json = { 'Content-Type': 'application/json', ...headers };
  return (await ask(`${api.url}/v1/renders?${query}`, { method: 'POST', body: song(), headers: json })).body;
};

/** A hundred clients that ask and leave within the first milliseconds, some before the answer begins, some after. */
async function askAndLeave(path: string): Promise<void> {
  const { port, hostname } = new URL(api.url);
  const leave = async (milliseconds: number) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await sleep(milliseconds);
    socket.resetAndDestroy();
  };
  await Promise.all(Array.from({ length: 100 }, (_, index) => leave(index / 5)));
}

async function untilAtMost(most: number, count: () => Promise<number> | number): Promise<number> {
  let now = await count();
  for (let attempt = 0; attempt < 60 && now > most; attempt++) {
    await sleep(50);
    now = await count();
  }
  return now;
}

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const streams = async () =>
  Number(/^musistrata_event_streams (\d+)$/m.exec(await (await fetch(`${api.url}/metrics`)).text())?.[1]);

/** Files of renders that this process holds open. */
async function openOutputs(): Promise<number> {
  const names = await readdir('/proc/self/fd').catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return targets.filter((target) => target.startsWith(api.folder) && target.includes('outputs')).length;
}

describe('clients that leave at once', () => {
  test('must leave nothing of an event stream behind', async () => {
    const { id } = await submit('tags.comment=slow');
    const before = timers();
    await askAndLeave(`/v1/renders/${id}/events`);
    expect(await untilAtMost(0, streams)).toBe(0);
    // The clients' own and those of fetch come and go; each stream would have kept one.
    expect(await untilAtMost(before + 20, timers)).toBeLessThanOrEqual(before + 20);
    await ask(`${api.url}/v1/renders/${id}`, { method: 'DELETE' });
  });

  test('must leave no file of an archive open', async () => {
    const { id } = await submit('stems=true', { Prefer: 'wait=20' });
    await askAndLeave(`/v1/renders/${id}/stems.zip`);
    expect(await untilAtMost(0, openOutputs)).toBe(0);
  });

  test('must not be waited for by who reads their body later', async () => {
    let told: (outcome: unknown) => void = () => undefined;
    const outcome = new Promise((resolve) => {
      told = resolve;
    });
    const server = createServer((request, response) => {
      request.once('close', () => {
        readBody(request, response, 1000).then(told, told);
      });
    });
    redis.closing({ close: async () => server.close() });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nsome');
    await once(server, 'request');
    socket.resetAndDestroy();
    await expect(Promise.race([outcome, sleep(2000, 'nothing')])).resolves.toMatchObject({ code: 'body-incomplete' });
  });
});
