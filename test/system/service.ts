import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { REPOSITORY } from './stack.js';

export interface LogLine {
  readonly msg: string;
  readonly outcome?: string;
  readonly renderIds?: readonly string[];
}

/** The API or a worker as a process of its own, that a test may kill. */
export class Service {
  readonly log: LogLine[] = [];
  readonly #child: ChildProcess;
  readonly #exit: Promise<void>;
  #output = '';

  constructor(name: 'api' | 'worker', environment: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [join(REPOSITORY, 'apps', name, 'dist/main.js')], {
      cwd: REPOSITORY,
      env: { ...process.env, REDIS_URL: '', HEALTH_PORT: '0', LOG_LEVEL: 'info', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exit = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.#output = `${this.#output}${line}\n`.slice(-4000);
        if (line.startsWith('{')) this.log.push(JSON.parse(line) as LogLine);
      });
    }
  }

  /** Resolves when it has logged this. */
  async logged(message: string): Promise<void> {
    while (!this.log.some(({ msg }) => msg === message)) {
      if (this.#child.exitCode !== null) throw new Error(`The service ended: ${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ids of renders that this worker brought to this end. */
  ended(outcome: string): string[] {
    return this.log.flatMap((line) => (line.outcome === outcome ? [...(line.renderIds ?? [])] : []));
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  /** Returns its exit status. */
  async stop(): Promise<number | null> {
    this.#child.kill('SIGTERM');
    await this.#exit;
    return this.#child.exitCode;
  }
}
