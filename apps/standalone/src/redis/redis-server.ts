import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { FolderLock, isRunning } from './folder-lock.js';
import { probeRedis, type ServerFacts, shutDown } from './probe.js';
import type { RunningRedis } from './running-redis.js';

/** REDIS_SERVER_BIN, or the first redis-server or valkey-server on PATH; null when there is none. */
export async function findRedisServer(env: NodeJS.ProcessEnv): Promise<string | null> {
  if (env.REDIS_SERVER_BIN) return env.REDIS_SERVER_BIN;
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of (env.PATH ?? '').split(delimiter)) {
      if (!folder) continue;
      const path = join(folder, name);
      const found = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return path;
    }
  }
  return null;
}

interface ServerRecord {
  readonly pid: number;
  readonly port: number;
}

/**
 * Runs a server that keeps its queue in an append-only file in `folder`. One that a killed launcher left behind there is adopted,
 * or stopped when it does not answer.
 * @param folder null keeps everything in memory (tests)
 * @param port null is any free one
 * @throws FolderInUseError
 */
export async function startRedisServer(
  binary: string,
  folder: string | null,
  port: number | null = null,
): Promise<RunningRedis> {
  if (folder === null) return startOn(binary, null, null, port);
  const lock = await FolderLock.take(folder);
  try {
    return (await adopt(folder, lock)) ?? (await startOn(binary, folder, lock, port));
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function adopt(folder: string, lock: FolderLock): Promise<RunningRedis | null> {
  const record = await readFile(join(folder, 'server.json'), 'utf8').then(
    (text) => JSON.parse(text) as ServerRecord,
    () => null,
  );
  if (!record || !isRunning(record.pid)) return null;
  const url = `redis://127.0.0.1:${record.port}`;
  try {
    const facts = await probeRedis(url, 10);
    // The number may belong to another process by now, and the port to another server.
    if (facts.pid !== record.pid || facts.folder !== resolve(folder)) return null;
    return {
      url,
      backend: 'server',
      pid: record.pid,
      description: `${facts.name}-server ${facts.version} that an earlier run left behind, append-only file in ${folder}`,
      durable: true,
      ended: pidEnds(record.pid),
      stop: () => stopServer(url, record.pid, folder, lock),
    };
  } catch {
    if (await looksLikeRedis(record.pid)) await killProcess(record.pid);
    return null;
  }
}

async function startOn(
  binary: string,
  folder: string | null,
  lock: FolderLock | null,
  wantedPort: number | null,
): Promise<RunningRedis> {
  let fault: unknown;
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = wantedPort ?? (await freePort());
    const child = spawn(binary, serverArguments(port, folder), {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C must reach the launcher only, which stops Redis last.
      detached: true,
    });
    const output = keepTail(child);
    const url = `redis://127.0.0.1:${port}`;
    try {
      const facts = await Promise.race([probeRedis(url, 30), endsBadly(child, binary, output)]);
      if (facts.pid !== child.pid) throw new Error(`port ${port} was taken by another server`);
      if (folder) await writeFile(join(folder, 'server.json'), JSON.stringify({ pid: child.pid, port }));
      return running(child, url, facts, binary, folder, lock);
    } catch (error) {
      fault = error;
      if (child.pid && child.exitCode === null) await killProcess(child.pid);
    }
  }
  throw fault;
}

function running(
  child: ChildProcess,
  url: string,
  facts: ServerFacts,
  binary: string,
  folder: string | null,
  lock: FolderLock | null,
): RunningRedis {
  const place = folder ? `append-only file in ${folder}` : 'in memory';
  return {
    url,
    backend: 'server',
    pid: facts.pid,
    description: `${facts.name}-server ${facts.version} (${binary}), ${place}`,
    durable: folder !== null,
    ended: new Promise((done) => {
      if (child.exitCode !== null || child.signalCode !== null) done();
      child.once('exit', () => done());
    }),
    stop: () => stopServer(url, facts.pid, folder, lock),
  };
}

async function stopServer(url: string, pid: number, folder: string | null, lock: FolderLock | null): Promise<void> {
  if (isRunning(pid)) {
    await shutDown(url);
    await Promise.race([pidEnds(pid), new Promise((done) => setTimeout(done, 10_000).unref())]);
    if (isRunning(pid)) await killProcess(pid);
  }
  if (folder) await rm(join(folder, 'server.json'), { force: true });
  await lock?.release();
}

function serverArguments(port: number, folder: string | null): string[] {
  const common = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--maxmemory-policy', 'noeviction'];
  if (folder === null) return [...common, '--appendonly', 'no', '--dir', '/tmp'];
  return [
    ...common,
    '--dir',
    resolve(folder),
    '--appendonly',
    'yes',
    '--appendfsync',
    'everysec',
    '--aof-use-rdb-preamble',
    'yes',
  ];
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function keepTail(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-2000);
    });
  }
  return () => text;
}

function endsBadly(child: ChildProcess, binary: string, output: () => string): Promise<never> {
  return new Promise((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${binary} ended with code ${code}:\n${output()}`)));
  });
}

async function pidEnds(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((done) => setTimeout(done, 50).unref());
}

async function killProcess(pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    return;
  }
  await pidEnds(pid);
}

async function looksLikeRedis(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return /(redis|valkey)-server/.test(command);
}
