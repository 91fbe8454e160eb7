import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@musistrata/standalone/redis';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** The real thing as `npm start` runs it, in a data folder and on a port of its own. */
export class RunningStack {
  private constructor(
    readonly url: string,
    readonly dataFolder: string,
    private readonly child: ChildProcess,
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

  get text(): string {
    return this.output.join('');
  }

  /** Sends a signal and resolves with the exit code, null when the signal killed it. */
  end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve(this.child.exitCode);
    return new Promise((resolve) => {
      this.child.once('exit', resolve);
      this.child.kill(signal);
    });
  }

  async endAndForget(): Promise<void> {
    await this.end('SIGTERM');
    await rm(this.dataFolder, { recursive: true, force: true });
  }
}

/** With TEST_REDIS=embedded the stack finds no server on its PATH and must bring its own. */
function redisEnvironment(): NodeJS.ProcessEnv {
  return process.env.TEST_REDIS === 'embedded' ? { REDIS_URL: '', PATH: '/nonexistent' } : { REDIS_URL: '' };
}

export { REPOSITORY };
