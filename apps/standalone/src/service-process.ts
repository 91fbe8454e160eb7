import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { configExitStatus } from '@musistrata/render-queue';
import { echoWarnings } from './log-echo.js';
import { LogFile } from './log-file.js';

const GUARD = fileURLToPath(new URL('./service-guard.js', import.meta.url));
const SHORTEST_RESTART_MS = 500;
const LONGEST_RESTART_MS = 10_000;
/** A process that lived this long counts as healthy, and the next restart is quick again. */
const HEALTHY_AFTER_MS = 30_000;

export interface ServiceOptions {
  /** For messages, and the name of the log file. */
  readonly name: string;
  /** Absolute path of the module to run. */
  readonly main: string;
  readonly environment: Record<string, string>;
  readonly logFile: string;
}

/** A child process that is started again when it dies, until it is stopped or says that its settings are at fault. */
export class ServiceProcess {
  readonly #options: ServiceOptions;
  readonly #log: LogFile;
  #child: ChildProcess | null = null;
  #stopping = false;
  #restartDelay = SHORTEST_RESTART_MS;
  #restartTimer: NodeJS.Timeout | null = null;
  #giveUp: (reason: Error) => void = () => undefined;
  /** Rejects when the service cannot start with these settings. */
  readonly hopeless = new Promise<never>((_resolve, reject) => {
    this.#giveUp = reject;
  });

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#log = new LogFile(options.logFile);
    this.hopeless.catch(() => undefined);
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  #start(): void {
    const startedAt = Date.now();
    // A group of its own, so that Ctrl-C reaches only the parent, which then stops everything in order.
    const child = fork(GUARD, [this.#options.main], {
      env: { ...process.env, ...this.#options.environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.#child = child;
    child.stdout?.pipe(this.#log, { end: false });
    child.stderr?.pipe(this.#log, { end: false });
    if (child.stdout) echoWarnings(this.#options.name, child.stdout);
    if (child.stderr) echoWarnings(this.#options.name, child.stderr);
    child.on('error', (error) => console.error(`[${this.#options.name}] ${error.message}`));
    child.on('exit', (code, signal) => {
      this.#child = null;
      if (this.#stopping) return;
      if (code === configExitStatus) {
        this.#giveUp(new Error(`The ${this.#options.name} cannot start with these settings.`));
        return;
      }
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) this.#restartDelay = SHORTEST_RESTART_MS;
      console.error(`[${this.#options.name}] ended (${signal ?? `code ${code}`}), starting again`);
      this.#restartTimer = setTimeout(() => this.#start(), this.#restartDelay);
      this.#restartDelay = Math.min(this.#restartDelay * 2, LONGEST_RESTART_MS);
    });
  }

  /** Asks the process to finish what it is doing, and kills it after the deadline. Resolves when it is gone. */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    if (this.#restartTimer) clearTimeout(this.#restartTimer);
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      await new Promise<void>((resolve) => {
        const kill = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
        child.once('exit', () => {
          clearTimeout(kill);
          resolve();
        });
        child.kill('SIGTERM');
      });
    }
    this.#log.end();
  }
}
