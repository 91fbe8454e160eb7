import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@musistrata/standalone/redis';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** The real thing as `npm start` runs it, in a data folder and on a port of its own. */
export class RunningStack {
  private constructor(
    readonly url: string,
    readonly dataFolder: string,
    private readonly process: ChildProcess,
    private readonly output: string[],
  ) {}

  static async start(dataFolder?: string, environment: NodeJS.ProcessEnv = {}): Promise<RunningStack> {
    const folder = dataFolder ?? (await mkdtemp(join(tmpdir(), 'stack-')));
    const port = await freePort();
    const child = spawn(process.execPath, [join(REPOSITORY, 'apps/standalone/dist/main.js')], {
      cwd: REPOSITORY,
      env: { ...process.env, ...redisEnvironment(), DATA_DIR: folder, PORT: `${port}`, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: string[] = [];
    const up = new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output.push(chunk.toString());
        if (output.join('').includes('Ctrl-C ends everything')) resolve();
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('exit', (code) => reject(new Error(`the stack ended with code ${code}:\n${output.join('')}`)));
    });
    await up;
    return new RunningStack(`http://localhost:${port}`, folder, child, output);
  }

  /** Number of the service that runs this module. */
  async child(module: string): Promise<number> {
    for (const { pid, parent, command } of await processes())
      if (parent === this.process.pid && command.includes(module)) return pid;
    throw new Error(`${module} does not run`);
  }

  /** Numbers of the services and of Redis. */
  async children(): Promise<number[]> {
    return (await processes()).filter(({ parent }) => parent === this.process.pid).map(({ pid }) => pid);
  }

  signal(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /** Resolves with the exit code when it ends by itself. */
  get ended(): Promise<number | null> {
    if (this.process.exitCode !== null) return Promise.resolve(this.process.exitCode);
    return new Promise((resolve) => this.process.once('exit', resolve));
  }

  get text(): string {
    return this.output.join('');
  }

  /** Sends a signal and resolves with the exit code, null when the signal killed it. */
  end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.process.exitCode !== null || this.process.signalCode !== null)
      return Promise.resolve(this.process.exitCode);
    return new Promise((resolve) => {
      this.process.once('exit', resolve);
      this.process.kill(signal);
    });
  }

  async endAndForget(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.dataFolder, { recursive: true, force: true });
  }
}

interface FoundProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Everything that runs here: from /proc, because a small image has no ps, and from ps where there is no /proc. */
async function processes(): Promise<FoundProcess[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args=']);
    return [...stdout.matchAll(/^ *(\d+) +(\d+) +(.*)$/gm)].map(([, pid, parent, command = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      command,
    }));
  }
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    numbers.map(async (pid) => {
      const [status, command] = await Promise.all(
        ['status', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      );
      return { pid: Number(pid), parent: Number(/^PPid:\s*(\d+)/m.exec(status ?? '')?.[1]), command: command ?? '' };
    }),
  );
}

/** With TEST_REDIS=embedded the stack finds no server on its PATH and must bring its own. */
function redisEnvironment(): NodeJS.ProcessEnv {
  return process.env.TEST_REDIS === 'embedded' ? { REDIS_URL: '', PATH: '/nonexistent' } : { REDIS_URL: '' };
}

export { REPOSITORY };
