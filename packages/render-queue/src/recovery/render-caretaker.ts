import type { BlobStore } from '@musistrata/blob-store';
import type { Redis } from 'ioredis';
import { IdempotencyKeys } from '../desk/idempotency.js';
import { RenderArchive } from '../records/render-archive.js';
import { connectRedis, type FaultListener, reachWithin } from '../redis/connect.js';
import { JobQueue } from '../redis/job-queue.js';
import { defaultPrefix, redisPrefix } from '../redis/redis-keys.js';
import { RenderIndex } from '../redis/render-index.js';
import { renderProblem } from '../render-problems.js';
import { WebhookQueue } from '../webhooks/webhook-queue.js';
import { Endings } from './endings.js';
import { Leadership } from './leadership.js';
import { Recoverer, type Recovery } from './recover.js';
import { Retention, type Sweep } from './retention.js';

export interface RenderCaretakerOptions {
  readonly redisUrl: string;
  readonly store: BlobStore;
  /** Version of the engine that this process renders with. */
  readonly engineVersion: string;
  /** For how long no worker of a job's engine version has been seen before the job is addressed to this one. @default 120 */
  readonly adoptSeconds?: number;
  /** Separates installations that share one Redis. @default 'musistrata' */
  readonly name?: string;
  /** How often the index is compared with the storage. @default 30 */
  readonly recoverySeconds?: number;
  /** How often bytes without a render are looked for. @default 3600 */
  readonly sweepSeconds?: number;
  /** Bytes of outputs that are kept; the oldest renders go first. 0 is no limit. @default 0 */
  readonly maxStoredBytes?: number;
  /** How long deleted renders are remembered. @default 604800 */
  readonly goneSeconds?: number;
  /** How long Idempotency-Keys are remembered: as the desk's. @default 86400 */
  readonly idempotencySeconds?: number;
  /** Attempts at a job that fails by no fault of the score: as the desk's. @default 3 */
  readonly attempts?: number;
  /** Told when something was mended or deleted. */
  readonly onWork?: (done: Partial<Recovery & Sweep & { readonly expired: number }>) => void;
  readonly onFault: FaultListener;
}

/**
 * Keeps house: enqueues again what the queue has lost, ends renders at their deadline, deletes them at their time. Every worker process
 * runs one; a lease in Redis lets one of them work.
 */
export class RenderCaretaker {
  readonly #options: Required<RenderCaretakerOptions>;
  readonly #redis: Redis;
  readonly #index: RenderIndex;
  readonly #archive: RenderArchive;
  readonly #jobs: JobQueue;
  readonly #webhooks: WebhookQueue;
  readonly #endings: Endings;
  readonly #leadership: Leadership;
  readonly #recoverer: Recoverer;
  readonly #retention: Retention;
  readonly #next = { recovery: 0, sweep: 0 };
  #leaseTimer: NodeJS.Timeout | null = null;
  #leads = false;
  #loop: Promise<void> = Promise.resolve();
  #closed = false;
  #closing: Promise<void> | null = null;
  #wake: () => void = () => undefined;

  /** Connects and starts; rejects when Redis does not answer within 30 s. */
  static async open(options: RenderCaretakerOptions): Promise<RenderCaretaker> {
    const caretaker = new RenderCaretaker(options);
    try {
      await reachWithin(caretaker.#redis, 30);
    } catch (error) {
      await caretaker.close();
      throw error;
    }
    caretaker.#start();
    return caretaker;
  }

  private constructor(options: RenderCaretakerOptions) {
    this.#options = {
      name: defaultPrefix,
      adoptSeconds: 120,
      recoverySeconds: 30,
      sweepSeconds: 3600,
      maxStoredBytes: 0,
      goneSeconds: 604_800,
      idempotencySeconds: 86_400,
      attempts: 3,
      onWork: () => undefined,
      ...options,
    };
    const { name, redisUrl, store, onFault, goneSeconds, maxStoredBytes, attempts, idempotencySeconds } = this.#options;
    const prefix = redisPrefix(name);
    this.#redis = connectRedis(redisUrl, prefix, 'request', onFault);
    this.#index = new RenderIndex(this.#redis, prefix);
    this.#archive = new RenderArchive(store);
    this.#jobs = new JobQueue(this.#redis, prefix, { attempts, keepSeconds: 86_400 }, onFault);
    this.#webhooks = new WebhookQueue(this.#redis, prefix, onFault);
    this.#endings = new Endings(this.#index, this.#archive, this.#jobs, this.#webhooks, goneSeconds);
    this.#leadership = new Leadership(this.#redis, prefix, 15);
    const keys = new IdempotencyKeys(this.#redis, prefix, idempotencySeconds);
    this.#recoverer = new Recoverer(
      this.#redis,
      prefix,
      this.#index,
      this.#archive,
      this.#jobs,
      this.#webhooks,
      this.#endings,
      keys,
      this.#options,
      onFault,
    );
    this.#retention = new Retention(this.#index, this.#archive, this.#endings, maxStoredBytes, goneSeconds, onFault);
  }

  /** Ends what it is doing and leaves the lease to others. Calling it again returns the same promise. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#closed = true;
    if (this.#leaseTimer) clearInterval(this.#leaseTimer);
    this.#wake();
    await this.#loop;
    if (this.#leads && this.#redis.status === 'ready') await this.#leadership.resign().catch(() => undefined);
    await Promise.all([this.#jobs.close(), this.#webhooks.close()]).catch(() => undefined);
    this.#redis.disconnect();
  }

  #start(): void {
    // Apart from the work, which may take longer than the lease.
    this.#leaseTimer = setInterval(() => {
      if (this.#leads) this.#hold().catch(() => undefined);
    }, 4000);
    this.#loop = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      try {
        if (await this.#hold()) await this.#work();
      } catch (error) {
        this.#options.onFault(error, 'caretaker');
      }
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async #hold(): Promise<boolean> {
    const held = await this.#leadership.hold();
    this.#leads = held !== 'other';
    // A new lease may mean that Redis has lost everything.
    if (held === 'new') this.#next.recovery = 0;
    return this.#leads;
  }

  async #work(): Promise<void> {
    const { recoverySeconds, sweepSeconds, onWork } = this.#options;
    const now = Date.now();
    if (now >= this.#next.recovery) {
      const recovery = await this.#recoverer.run();
      this.#next.recovery = now + recoverySeconds * 1000;
      if (Object.values(recovery).some((count) => count > 0)) onWork(recovery);
    }
    for (const id of await this.#index.due('deadlines', 100)) await this.#end(id);
    const expired = await this.#retention.expire();
    if (expired > 0) onWork({ expired });
    if (now >= this.#next.sweep) {
      // Not at start: a recovered index first.
      const isFirst = this.#next.sweep === 0;
      // Also after one that fails: it reads the whole storage.
      this.#next.sweep = now + sweepSeconds * 1000;
      if (!isFirst) onWork(await this.#retention.sweep());
    }
  }

  async #end(id: string): Promise<void> {
    const look = await this.#index.look(id);
    if (!look || look === 'gone' || look.ended) return;
    await this.#endings.cancel(look.request, renderProblem('deadline-exceeded'));
  }
}
