import { type MessagePort, Worker } from 'node:worker_threads';
import type { CatalogueConfig } from '../../instruments/catalogue/catalogue-config.js';
import { kernelMemory } from '../../synth/kernel-memory.js';
import { RefusedError } from '../refused-error.js';
import { RenderCanceledError } from '../render-context.js';
import type { RenderedJob, RenderJob } from '../render-job.js';
import type { RenderReply, RenderRequest, RenderThreadData } from './render-messages.js';

/** A thread that has not noticed the cancel flag by then is parsing or encoding, and is ended instead. */
const CANCEL_GRACE_MS = 30;

export interface RunOptions {
  /** Stops the job, in the middle of a block if need be. */
  readonly signal?: AbortSignal;
  /** Called at most ten times a second. */
  readonly onProgress?: (renderedSeconds: number, totalSeconds: number) => void;
}

/** The parent's side of one render thread: at most one job at a time. */
export class RenderThread {
  readonly #worker: Worker;
  /** Resolves when the catalogue is open; rejects with the reason when it cannot be. */
  readonly ready: Promise<void>;
  #alive = true;
  #settle: ((reply: RenderReply) => void) | null = null;

  constructor(catalogue: CatalogueConfig, fonts: MessagePort, heapMiB: number) {
    this.#worker = new Worker(new URL('./render-thread.js', import.meta.url), {
      workerData: { catalogue, fonts, memory: kernelMemory().memory } satisfies RenderThreadData,
      transferList: [fonts],
      resourceLimits: { maxOldGenerationSizeMb: heapMiB },
    });
    const { threadId } = this.#worker;
    let failure = new Error('The render thread ended.');
    this.ready = new Promise((resolve, reject) => {
      this.#worker.on('message', (reply: RenderReply) => {
        if (reply.type === 'ready') resolve();
        else this.#settle?.(reply);
      });
      this.#worker.on('error', (error) => {
        failure = error instanceof Error ? error : new Error(String(error));
      });
      // MUST settle the job: a thread that dies without a word would leave it waiting for ever.
      this.#worker.on('exit', () => {
        this.#alive = false;
        kernelMemory().reclaim(threadId);
        reject(failure);
        this.#settle?.({ type: 'failed', message: failure.message });
      });
    });
    this.ready.catch(() => {});
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** See RenderPool.run. */
  async run(job: RenderJob, helperThreads: number, { signal, onProgress }: RunOptions): Promise<RenderedJob> {
    await this.ready;
    if (signal?.aborted) throw new RenderCanceledError();
    const cancel = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    let grace: NodeJS.Timeout | undefined;
    const onAbort = () => {
      Atomics.store(new Int32Array(cancel), 0, 1);
      grace = setTimeout(() => void this.terminate(), CANCEL_GRACE_MS);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<RenderedJob>((resolve, reject) => {
        this.#settle = (reply) => {
          if (reply.type === 'progress') onProgress?.(reply.renderedSeconds, reply.totalSeconds);
          else if (reply.type === 'done') resolve(reply.rendered);
          else if (reply.type === 'refused') reject(new RefusedError(reply.refusal));
          else if (reply.type === 'canceled' || signal?.aborted) reject(new RenderCanceledError());
          else if (reply.type === 'failed') reject(new Error(reply.message));
        };
        this.#worker.postMessage({ job, helperThreads, cancel } satisfies RenderRequest);
      });
    } finally {
      this.#settle = null;
      clearTimeout(grace);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async terminate(): Promise<void> {
    this.#alive = false;
    await this.#worker.terminate();
  }
}
