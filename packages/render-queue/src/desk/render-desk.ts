import type { Redis } from 'ioredis';
import { RenderFileNotFoundError, RenderGoneError, RenderNotReadyError } from '../errors.js';
import { blobKeys } from '../records/blob-keys.js';
import type { Delivery } from '../records/records.js';
import { RenderArchive } from '../records/render-archive.js';
import { Endings } from '../recovery/endings.js';
import type { Capacity } from '../redis/capacity.js';
import { connectRedis, reachWithin } from '../redis/connect.js';
import { JobQueue } from '../redis/job-queue.js';
import type { Look } from '../redis/look.js';
import { defaultPrefix, jobQueueName, redisPrefix } from '../redis/redis-keys.js';
import { RenderIndex } from '../redis/render-index.js';
import { RenderReader } from '../redis/render-reader.js';
import { viewRender } from '../redis/render-view.js';
import { type Render, type RenderStatus, renderStatusSchema } from '../render.js';
import { renderProblem } from '../render-problems.js';
import { noTracing } from '../tracing.js';
import { DeliveryLog } from '../webhooks/delivery-log.js';
import { WebhookQueue } from '../webhooks/webhook-queue.js';
import type { RenderDeskOptions } from './desk-options.js';
import { IdempotencyKeys } from './idempotency.js';
import { type RenderFile, type RenderFileName, renderFile } from './render-file.js';
import { RenderIntake } from './render-intake.js';
import { type RenderListener, RenderWatchers } from './render-watchers.js';
import type { Submission, Submitted } from './submission.js';

export interface RenderPage {
  readonly renders: readonly Render[];
  /** For the next page; null on the last. */
  readonly cursor: string | null;
}

export interface DeskHealth {
  /** It answers and takes writes: one without memory left only answers. */
  readonly redis: boolean;
  readonly storage: boolean;
  /** Worker processes alive that may take this desk's jobs: 0 means that renders are accepted but nobody makes them. */
  readonly stations: number;
  /** Jobs waiting that no living worker may take: it has another engine version. */
  readonly stranded: number;
}

/**
 * Where renders are handed in, asked for and taken away: everything that the API needs of the queue. One per process.
 * Every method that needs Redis may throw QueueUnavailableError, within seconds; nothing is lost then.
 */
export class RenderDesk {
  readonly #redis: Redis;
  readonly #index: RenderIndex;
  readonly #archive: RenderArchive;
  readonly #reader: RenderReader;
  readonly #deliveries: DeliveryLog;
  readonly #jobs: JobQueue;
  readonly #queue: string;
  readonly #webhooks: WebhookQueue;
  readonly #endings: Endings;
  readonly #intake: RenderIntake;
  readonly #watchers: RenderWatchers;
  #closing: Promise<void> | null = null;

  /** Connects; rejects when Redis does not answer within 10 s. */
  static async open(options: RenderDeskOptions): Promise<RenderDesk> {
    const desk = new RenderDesk(options);
    try {
      await reachWithin(desk.#redis, 10);
      await desk.#watchers.start();
    } catch (error) {
      await desk.close();
      throw error;
    }
    return desk;
  }

  private constructor(options: RenderDeskOptions) {
    const settings: Required<RenderDeskOptions> = {
      name: defaultPrefix,
      maxQueued: 10_000,
      tenantMaxUnfinished: 0,
      ttlSeconds: 86_400,
      idempotencySeconds: 86_400,
      goneSeconds: 604_800,
      attempts: 3,
      tracing: noTracing,
      ...options,
    };
    const { redisUrl, onFault, attempts, tracing, engineVersion } = settings;
    this.#queue = jobQueueName(engineVersion);
    const prefix = redisPrefix(settings.name);
    this.#redis = connectRedis(redisUrl, prefix, 'request', onFault);
    this.#index = new RenderIndex(this.#redis, prefix);
    this.#archive = new RenderArchive(options.store);
    this.#reader = new RenderReader(this.#index, this.#archive);
    this.#deliveries = new DeliveryLog(this.#redis, prefix);
    this.#jobs = new JobQueue(
      this.#redis,
      prefix,
      { attempts, keepSeconds: 86_400, telemetry: tracing.telemetry },
      onFault,
    );
    this.#webhooks = new WebhookQueue(this.#redis, prefix, onFault, tracing.telemetry);
    this.#endings = new Endings(this.#index, this.#archive, this.#jobs, this.#webhooks, settings.goneSeconds);
    this.#intake = new RenderIntake(
      {
        archive: this.#archive,
        index: this.#index,
        reader: this.#reader,
        endings: this.#endings,
        jobs: this.#jobs,
        keys: new IdempotencyKeys(this.#redis, prefix, settings.idempotencySeconds),
      },
      settings,
    );
    this.#watchers = new RenderWatchers(
      this.#redis,
      connectRedis(redisUrl, prefix, 'patient', onFault),
      prefix,
      (id) => this.get(id),
      onFault,
    );
  }

  /**
   * POST /v1/renders. When it resolves, the render survives the loss of this process, of every worker and of Redis.
   * Equal renders share one job; a render whose audio exists already has ended when it comes back (`cached`).
   * @throws QueueFullError, TenantBusyError, IdempotencyConflictError, IdempotencyPendingError
   */
  submit(submission: Submission): Promise<Submitted> {
    return this.#intake.submit(submission);
  }

  /** @throws RenderNotFoundError, RenderGoneError */
  async get(id: string): Promise<Render> {
    return viewRender(await this.#reader.look(id));
  }

  /** Whose render it is. @throws RenderNotFoundError, RenderGoneError */
  async tenantOf(id: string): Promise<string> {
    return (await this.#reader.look(id)).request.tenant;
  }

  /** Newest first. @param query.cursor as returned with the page before: the id of its last render */
  async list(query: {
    readonly tenant?: string | null;
    readonly status?: RenderStatus | null;
    readonly cursor?: string | null;
    /** 1 to 1000. @default 50 */
    readonly limit?: number;
  }): Promise<RenderPage> {
    const limit = query.limit ?? 50;
    const statuses = query.status ? [query.status] : renderStatusSchema.options;
    const pages = await Promise.all(
      statuses.map((status) => this.#index.page(status, query.tenant ?? null, query.cursor ?? null, limit + 1)),
    );
    // A render that changes its status between two reads may stand in two pages, or (for a moment) in none.
    const ids = [...new Set(pages.flat())].sort().reverse();
    const looks = await Promise.all(ids.slice(0, limit).map((id) => this.#index.look(id)));
    const renders = looks.filter((look): look is Look => look !== null && look !== 'gone').map(viewRender);
    return { renders, cursor: ids.length > limit ? (ids[limit - 1] ?? null) : null };
  }

  /**
   * Ends an unfinished render as canceled and stops its job unless other renders wait for it. Ended renders stay as they are.
   * @returns the render afterwards
   * @throws RenderNotFoundError, RenderGoneError
   */
  async cancel(id: string): Promise<Render> {
    const look = await this.#reader.look(id);
    if (look.ended) return viewRender(look);
    await this.#endings.cancel(look.request, renderProblem('canceled'));
    return this.get(id);
  }

  /**
   * Deletes a render, canceling it first if need be, and its files when no other render uses them. Deleting a deleted render does nothing.
   * @throws RenderNotFoundError
   */
  async remove(id: string): Promise<void> {
    try {
      await this.cancel(id);
    } catch (error) {
      if (error instanceof RenderGoneError) return;
      throw error;
    }
    await this.#endings.remove(id);
  }

  /**
   * Calls the listener at every change of the render, with the whole render, until the returned function is called. Progress comes a few times
   * a second. What has happened before is not told, except what came after the event `after` (Last-Event-ID): then the listener is called once
   * with the present state. Read the render after calling this, not before, or a change between the two is missed.
   * A listener that throws is reported as a fault and harms nobody.
   */
  watch(id: string, listener: RenderListener, options: { readonly after?: string } = {}): () => void {
    return this.#watchers.add(id, listener, options.after);
  }

  /**
   * The score of a render as it was sent, whatever has become of the render; null when it is gone already.
   * @throws RenderNotFoundError, RenderGoneError
   */
  async scoreOf(id: string): Promise<Buffer | null> {
    const { request } = await this.#reader.look(id);
    return this.#archive.getScore(request);
  }

  /**
   * A file of a succeeded render.
   * @throws RenderNotFoundError, RenderGoneError, RenderNotReadyError, RenderFileNotFoundError
   */
  async openFile(id: string, name: RenderFileName): Promise<RenderFile> {
    const look = await this.#reader.look(id);
    const { status, estimatedSeconds } = viewRender(look);
    const { manifest } = look;
    if (status !== 'succeeded') throw new RenderNotReadyError(id, status, estimatedSeconds);
    if (!manifest) throw new RenderGoneError(id);
    const file = typeof name === 'object' ? manifest.stems?.find((stem) => stem.part === name.stem) : manifest[name];
    if (!file) throw new RenderFileNotFoundError(id, typeof name === 'object' ? `stem ${name.stem}` : name);
    return renderFile(this.#archive.store, blobKeys.output(manifest.content, file.name), file, manifest.finishedAt);
  }

  /**
   * Every attempt to tell the render's webhook, oldest first.
   * @throws RenderNotFoundError, RenderGoneError
   */
  async deliveries(id: string): Promise<readonly Delivery[]> {
    await this.#reader.look(id);
    const fresh = await this.#deliveries.read(id);
    return fresh.length > 0 ? fresh : ((await this.#archive.getEnded(id))?.deliveries ?? []);
  }

  /** GET /readyz. Never rejects. */
  async health(): Promise<DeskHealth> {
    const [capacity, storage] = await Promise.all([
      this.#index
        .assertWritable()
        .then(() => this.#index.capacity())
        .catch(() => null),
      this.#archive.store.check().then(
        () => true,
        () => false,
      ),
    ]);
    return {
      redis: capacity !== null,
      storage,
      stations: capacity?.queues[this.#queue]?.stations ?? 0,
      stranded: capacity?.stranded ?? 0,
    };
  }

  /** GET /v1/capacity and metrics. */
  capacity(): Promise<Capacity> {
    return this.#index.capacity();
  }

  /** For an operators' dashboard (Bull Board): the jobs of this engine version. */
  get queue(): ReturnType<JobQueue['queue']> {
    return this.#jobs.queue(this.#queue);
  }

  /** For what API processes share beside renders: rate limits. */
  get redis(): Redis {
    return this.#redis;
  }

  /** Forgets watchers and disconnects; unfinished renders go on. Calling it again returns the same promise. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#watchers.close();
    await Promise.all([this.#jobs.close(), this.#webhooks.close()]).catch(() => undefined);
    this.#redis.disconnect();
  }
}
