import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findRedis } from '@musistrata/standalone/redis';

const main = (app) => fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url));
const clockTicks = 100;

/** The processes of a service, as they run in production: Redis, API, workers, each by itself. */
export class BenchStack {
  #children = new Map();
  redis = null;

  static async open(name, { embedded = false } = {}) {
    const stack = new BenchStack();
    stack.folder = mkdtempSync(join(tmpdir(), `bench-${name}-`));
    const { REDIS_URL: shared, ...environment } = process.env;
    stack.redis = await findRedis(embedded ? { ...environment, PATH: '' } : environment, stack.folder);
    // It is in a process group of its own, so that it outlives everything but this.
    if (stack.redis.pid) process.on('exit', () => tryKill(stack.redis.pid));
    stack.common = { REDIS_URL: stack.redis.url, DATA_DIR: join(stack.folder, 'data'), LOG_LEVEL: 'warn' };
    return stack;
  }

  /** Starts a service and waits until it is ready. @param environment beside the common one; PORT or HEALTH_PORT is required */
  async start(name, app, environment) {
    // BENCH_NODE_OPTIONS=--cpu-prof shows where the time of a service goes.
    const options = (process.env.BENCH_NODE_OPTIONS ?? '').split(' ').filter((option) => option !== '');
    const child = spawn(process.execPath, [...options, main(app)], {
      env: { ...process.env, ...this.common, ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    process.on('exit', () => child.kill('SIGKILL'));
    this.#children.set(name, child);
    const url = `http://127.0.0.1:${environment.PORT ?? environment.HEALTH_PORT}/readyz`;
    for (let attempt = 0; attempt < 300; attempt++) {
      const answer = await fetch(url).catch(() => null);
      await answer?.arrayBuffer();
      // Without a worker the API is not ready, but answers.
      if (answer?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${name} is not ready`);
  }

  /** Seconds of processor time that a service has used. */
  cpuSeconds(name) {
    const pid = name === 'redis' ? this.redis.pid : this.#children.get(name).pid;
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / clockTicks;
  }

  async stop(name) {
    const child = this.#children.get(name);
    this.#children.delete(name);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
  }

  async close() {
    for (const name of [...this.#children.keys()]) await this.stop(name);
    await this.redis.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function tryKill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
