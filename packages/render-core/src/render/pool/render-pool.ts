import { MessageChannel, Worker } from 'node:worker_threads';
import type { CatalogueConfig } from '../../instruments/catalogue/catalogue-config.js';
import { kernelMemory } from '../../synth/kernel-memory.js';
import { RenderCanceledError } from '../render-context.js';
import type { RenderedJob, RenderJob } from '../render-job.js';
import { RenderThread, type RunOptions } from './render-thread-handle.js';

export interface RenderPoolOptions {
  /** How many renders run at once, each in a thread of its own. */
  readonly threads: number;
  readonly catalogue: CatalogueConfig;
  /** JavaScript heap of one thread in MiB; a score that needs more fails, and the process lives on. @default 2048 */
  readonly heapMiB?: number;
}

/**
 * Renders jobs in worker threads that are kept warm between jobs, so that the calling event loop is always free: locks are renewed,
 * health is answered and cancellation is heard while sound is computed. All threads share one copy of each sound font.
 */
export class RenderPool {
  readonly #options: RenderPoolOptions;
  readonly #fonts = new Worker(new URL('./font-thread.js', import.meta.url), {
    workerData: kernelMemory().memory,
  });
  readonly #threads = new Set<RenderThread>();
  readonly #idle: RenderThread[] = [];
  readonly #waiting: ((thread: RenderThread) => void)[] = [];
  #closed = false;

  constructor(options: RenderPoolOptions) {
    this.#options = options;
    for (let index = 0; index < options.threads; index++) this.#offer(this.#startThread());
  }

  /** Resolves when every thread has opened its catalogue; rejects with the reason when one cannot. */
  async ready(): Promise<void> {
    await Promise.all([...this.#threads].map((thread) => thread.ready));
  }

  /**
   * Renders one job; waits while all threads are busy.
   *
   * @throws RefusedError for what is wrong with the job (never worth another try), RenderCanceledError within 50 ms of the signal,
   *   any other Error for a fault of this machine
   */
  async run(job: RenderJob, options: RunOptions = {}): Promise<RenderedJob> {
    if (this.#closed) throw new Error('The render pool is closed.');
    if (options.signal?.aborted) throw new RenderCanceledError();
    const thread = this.#idle.pop() ?? (await this.#nextIdle(options.signal));
    try {
      return await thread.run(job, this.#helpers(), options);
    } finally {
      this.#release(thread);
    }
  }

  /** Ends all threads; jobs under way reject. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#threads].map((thread) => thread.terminate()));
    const { threadId } = this.#fonts;
    await this.#fonts.terminate();
    kernelMemory().reclaim(threadId);
    this.#threads.clear();
  }

  /**
   * A job that starts while others could run too uses their share of the machine: with helpers for the voices, its own thread has little to do.
   */
  #helpers(): number {
    return this.#idle.length === 0 ? 0 : this.#idle.length + 1;
  }

  #nextIdle(signal: AbortSignal | undefined): Promise<RenderThread> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(take), 1);
        reject(new RenderCanceledError());
      };
      const take = (thread: RenderThread) => {
        signal?.removeEventListener('abort', onAbort);
        resolve(thread);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(take);
    });
  }

  #startThread(): RenderThread {
    const { port1, port2 } = new MessageChannel();
    this.#fonts.postMessage(port1, [port1]);
    const thread = new RenderThread(this.#options.catalogue, port2, this.#options.heapMiB ?? 2048);
    this.#threads.add(thread);
    return thread;
  }

  #offer(thread: RenderThread): void {
    const next = this.#waiting.shift();
    if (next) next(thread);
    else this.#idle.push(thread);
  }

  #release(thread: RenderThread): void {
    if (this.#closed) return;
    if (!thread.alive) this.#threads.delete(thread);
    this.#offer(thread.alive ? thread : this.#startThread());
  }
}
