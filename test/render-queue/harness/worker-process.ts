import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ProcessEvent {
  readonly kind: string;
  readonly renderIds?: readonly string[];
  readonly outcome?: string | null;
}

/** One station in a process of its own, that a test may kill. */
export class WorkerProcess {
  readonly events: ProcessEvent[] = [];
  readonly #child: ChildProcess;
  readonly #exit: Promise<void>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exit = new Promise((resolve) => child.once('exit', () => resolve()));
  }

  /** Resolves when it takes jobs. */
  static async start(redisUrl: string, name: string, folder: string): Promise<WorkerProcess> {
    const script = fileURLToPath(new URL('./station-process.js', import.meta.url));
    const child = spawn(process.execPath, [script, redisUrl, name, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    const own = new WorkerProcess(child);
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2000);
    });
    await new Promise<void>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        const event = JSON.parse(line) as ProcessEvent;
        if (event.kind === 'ready') resolve();
        else own.events.push(event);
      });
      child.once('exit', (code) => reject(new Error(`The worker process ended with code ${code}: ${complaint}`)));
    });
    return own;
  }

  get succeeded(): number {
    return this.events.filter((event) => event.outcome === 'succeeded').length;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  async close(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#exit;
  }
}
