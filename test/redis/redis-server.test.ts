import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import {
  FolderInUseError,
  findEmbeddedRedis,
  findRedis,
  findRedisServer,
  NoRedisError,
  probeRedis,
  type RunningRedis,
  startEmbeddedRedis,
  startRedisServer,
} from '@musistrata/standalone/redis';
import { Redis } from 'ioredis';

const root = await mkdtemp(join(tmpdir(), 'musistrata-redis-'));
const server = await findRedisServer(process.env);
const embedded = findEmbeddedRedis();
const started: RunningRedis[] = [];

afterEach(async () => {
  for (const redis of started.splice(0)) await redis.stop();
});
afterAll(() => rm(root, { recursive: true, force: true }));

function remember(redis: RunningRedis): RunningRedis {
  started.push(redis);
  return redis;
}

async function say<T>(url: string, what: (redis: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url);
  try {
    return await what(client);
  } finally {
    client.disconnect();
  }
}

/** A process that starts a server in a folder and tells its url, as a launcher that will be killed. */
async function launcher(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const script = `
    import { startRedisServer } from '@musistrata/standalone/redis';
    const redis = await startRedisServer(process.argv[1], process.argv[2]);
    console.log(redis.url);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, server ?? '', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once('exit', (code) => reject(new Error(`The launcher ended with code ${code}`)));
  });
  return { child, url };
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}

test('the gate has a server beside the embedded one, so that both are tested', () => {
  expect(server !== null || process.env.CI === undefined).toBe(true);
});

// On a machine that has only the embedded server these say nothing about it; what follows them runs everywhere.
if (server !== null) describe(`a server of this machine: ${server}`, () => serverTests(server));

function serverTests(binary: string): void {
  test('keeps what it was told over a stop', async () => {
    const folder = join(root, 'keeps');
    const first = remember(await startRedisServer(binary, folder));
    expect(first).toMatchObject({ backend: 'server', durable: true });
    await say(first.url, (redis) => redis.set('a', 'b'));
    await first.stop();
    await first.ended;
    const second = remember(await startRedisServer(binary, folder));
    expect(await say(second.url, (redis) => redis.get('a'))).toBe('b');
  });

  test('refuses writes rather than forget when memory is short', async () => {
    const { url } = remember(await startRedisServer(binary, null));
    const policy = await say(url, (redis) => redis.call('CONFIG', 'GET', 'maxmemory-policy'));
    expect(policy).toContain('noeviction');
  });

  test('is not started twice on one folder', async () => {
    const folder = join(root, 'twice');
    remember(await startRedisServer(binary, folder));
    await expect(startRedisServer(binary, folder)).rejects.toBeInstanceOf(FolderInUseError);
  });

  test('that a killed launcher left behind is adopted, and stopped with the new one', async () => {
    const folder = join(root, 'orphan');
    const { child, url } = await launcher(folder);
    await say(url, (redis) => redis.set('a', 'from before'));
    await kill(child);
    const adopted = remember(await startRedisServer(binary, folder));
    expect(adopted.url).toBe(url);
    expect(await say(adopted.url, (redis) => redis.get('a'))).toBe('from before');
    await adopted.stop();
    await expect(probeRedis(url, 0.3)).rejects.toThrow();
  });

  test('is started anew when both the launcher and its server were killed', async () => {
    const folder = join(root, 'both');
    const { child, url } = await launcher(folder);
    await say(url, (redis) => redis.set('a', 'survives'));
    const { pid } = await probeRedis(url, 5);
    await kill(child);
    process.kill(pid, 'SIGKILL');
    const second = remember(await startRedisServer(binary, folder));
    expect(await say(second.url, (redis) => redis.get('a'))).toBe('survives');
  });

  test('of somebody else, whose number the record names by accident, is left alone', async () => {
    const folder = join(root, 'stranger');
    await mkdir(folder, { recursive: true });
    const stranger = remember(await startRedisServer(binary, join(root, 'strangers own')));
    const port = Number(new URL(stranger.url).port);
    await writeFile(join(folder, 'server.json'), JSON.stringify({ pid: stranger.pid, port }));
    const own = remember(await startRedisServer(binary, folder));
    expect(own.url).not.toBe(stranger.url);
    expect((await probeRedis(stranger.url, 5)).pid).toBe(stranger.pid);
  });

  test('comes before the embedded one', async () => {
    const redis = remember(await findRedis({ PATH: process.env.PATH ?? '' }, join(root, 'order')));
    expect(redis.backend).toBe('server');
    expect(redis.description).toContain('append-only file');
  });
}

describe('finding a Redis', () => {
  test('uses REDIS_URL and nothing else when it is set', async () => {
    const url = process.env.TEST_REDIS_URL ?? '';
    const redis = await findRedis({ REDIS_URL: url, PATH: process.env.PATH ?? '' }, join(root, 'url'));
    expect(redis).toMatchObject({ url, backend: 'url' });
    await redis.stop();
    expect((await probeRedis(url, 5)).version).toMatch(/^\d/);
  });

  test('takes the embedded one when PATH has none', async () => {
    const redis = remember(await findRedis({ PATH: '/nonexistent' }, join(root, 'embedded')));
    expect(redis).toMatchObject({ backend: 'embedded', durable: false });
    expect(await say(redis.url, (client) => client.ping())).toBe('PONG');
    expect(await say(redis.url, (client) => client.call('CONFIG', 'GET', 'maxmemory-policy'))).toContain('noeviction');
    await redis.stop();
    await redis.ended;
  });

  test('the embedded one ends with the process that started it', async () => {
    const script = `
      import { startEmbeddedRedis } from '@musistrata/standalone/redis';
      console.log((await startEmbeddedRedis(process.argv[1])).url);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, embedded ?? ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
    );
    await kill(child);
    for (let attempt = 0; ; attempt++) {
      const gone = await probeRedis(url, 0.2).then(
        () => false,
        () => true,
      );
      if (gone) break;
      if (attempt > 50) throw new Error('The embedded server lives on.');
    }
  });

  test('fails when a server is named that does not answer', async () => {
    await expect(findRedis({ REDIS_URL: 'redis://127.0.0.1:1' }, root)).rejects.toBeInstanceOf(NoRedisError);
  }, 30_000);

  test('starts as many embedded ones as it is asked for', async () => {
    const pair = await Promise.all([startEmbeddedRedis(embedded ?? ''), startEmbeddedRedis(embedded ?? '')]);
    for (const redis of pair) remember(redis);
    expect(new Set(pair.map(({ url }) => url)).size).toBe(2);
  });
});
