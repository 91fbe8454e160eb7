import type { Redis } from 'ioredis';
import type { IdempotencyKeys } from '../desk/idempotency.js';
import { inParallel } from '../in-parallel.js';
import { contentKey } from '../records/content-key.js';
import type { RequestRecord } from '../records/records.js';
import type { RenderArchive } from '../records/render-archive.js';
import type { FaultListener } from '../redis/connect.js';
import type { JobQueue } from '../redis/job-queue.js';
import { jobIdOf, jobQueueName } from '../redis/redis-keys.js';
import { reachRedis } from '../redis/redis-script.js';
import type { LiveContent, RenderIndex } from '../redis/render-index.js';
import { renderProblem } from '../render-problems.js';
import type { WebhookQueue } from '../webhooks/webhook-queue.js';
import type { Endings } from './endings.js';

/** What a recovery had to mend; all zero when nothing was wrong. */
export interface Recovery {
  /** Unfinished renders that the queue did not know: Redis was lost, or a process died between accepting and enqueueing. */
  readonly enqueued: number;
  /** Renders whose end had not been written down, or not in Redis. */
  readonly ended: number;
  /** Jobs that had vanished from the queue. */
  readonly jobs: number;
  /** Ended renders put back into an empty index. */
  readonly restored: number;
  /** Unfinished renders whose engine version no worker has any more, addressed to the present one. */
  readonly adopted: number;
}

/** Makes Redis and the blob store agree. Everything in it may run twice, in parallel, and be interrupted anywhere. */
export class Recoverer {
  #counts = { enqueued: 0, ended: 0, jobs: 0, restored: 0, adopted: 0 };

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly index: RenderIndex,
    private readonly archive: RenderArchive,
    private readonly jobs: JobQueue,
    private readonly webhooks: WebhookQueue,
    private readonly endings: Endings,
    private readonly keys: IdempotencyKeys,
    private readonly settings: { readonly engineVersion: string; readonly adoptSeconds: number },
    private readonly onFault: FaultListener,
  ) {}

  async run(): Promise<Recovery> {
    this.#counts = { enqueued: 0, ended: 0, jobs: 0, restored: 0, adopted: 0 };
    // In this order, because a render that ends meanwhile leaves the index first.
    const unfinished = new Set(await this.index.unfinished());
    const open = new Set<string>();
    for await (const id of this.archive.openIds()) open.add(id);
    const unknown = [...open].filter((id) => !unfinished.has(id));
    await inParallel(16, unknown, (id) => this.#guarded(id, () => this.#recoverOpen(id)));
    const surplus = [...unfinished].filter((id) => !open.has(id));
    await inParallel(16, surplus, (id) => this.#guarded(id, () => this.#settleUnwritten(id)));
    await this.#adoptStranded();
    await this.#recoverJobs();
    const marker = `${this.prefix}:index`;
    if ((await reachRedis(() => this.redis.get(marker))) === null) {
      await inParallel(16, this.archive.endedIds(), (id) => this.#guarded(id, () => this.#restore(id)));
      await reachRedis(() => this.redis.set(marker, new Date().toISOString()));
    }
    return this.#counts;
  }

  /** One record that cannot be read must not keep the others from being recovered. */
  async #guarded(id: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.onFault(error, `recovery of ${id}`);
    }
  }

  /** The blob store says unfinished, the index does not. */
  async #recoverOpen(id: string): Promise<void> {
    const look = await this.index.look(id);
    if (look === 'gone') return this.archive.deleteOpen(id);
    if (look) {
      if (!look.ended) return;
      await this.endings.record(look);
      this.#counts.ended++;
      return;
    }
    if ((await this.archive.getEnded(id)) !== null) {
      await this.#restore(id);
      await this.archive.deleteOpen(id);
      this.#counts.ended++;
      return;
    }
    const request = await this.archive.getOpen(id);
    if (request) await this.#enqueue(request);
  }

  async #enqueue(request: RequestRecord): Promise<void> {
    const { content, id, createdAt } = request;
    const manifest = await this.archive.getManifest(content);
    const cached = manifest !== null && manifest.finishedAt < createdAt;
    const joined = await this.index.join(request, { maxQueued: 0, tenantMaxUnfinished: 0 }, manifest, cached);
    await this.#restoreKey(request);
    if (joined.kind === 'cached') {
      await this.endings.recordAll([id]);
    } else if ('run' in joined && joined.run > 0) {
      const data = { content, run: joined.run, render: id, seconds: request.expectedSeconds };
      await this.jobs.add(jobQueueName(request.engineVersion), data, joined.tag);
    }
    // A condemned content is free again in milliseconds: the next recovery takes it.
    this.#counts.enqueued++;
  }

  /** The index says unfinished, the blob store does not. */
  async #settleUnwritten(id: string): Promise<void> {
    const look = await this.index.look(id);
    if (!look || look === 'gone' || look.ended || (await this.archive.getOpen(id))) return;
    this.#counts.ended++;
    if ((await this.archive.getEnded(id)) !== null) return this.#restore(id);
    await this.endings.cancel(look.request, renderProblem('request-lost'));
  }

  /**
   * After an upgrade, what waits for workers of the old version would wait for ever: when there has been none for a while, it is addressed to the
   * version that this process has, exactly as if it had been submitted now.
   */
  async #adoptStranded(): Promise<void> {
    const own = jobQueueName(this.settings.engineVersion);
    const foreign = (await this.index.liveContents()).filter(({ queue }) => queue !== own);
    const since = Date.now() - this.settings.adoptSeconds * 1000;
    for (const queue of new Set(foreign.map((live) => live.queue))) {
      const alive = await this.index.lastAlive(queue);
      const stranded = foreign.filter((live) => live.queue === queue && (alive ?? live.queuedAt) < since);
      await inParallel(16, stranded, (live) => this.#guarded(live.content, () => this.#adopt(live)));
    }
  }

  async #adopt({ content, run, queue }: LiveContent): Promise<void> {
    const { engineVersion } = this.settings;
    for (const id of await this.index.waitingFor(content)) {
      const look = await this.index.look(id);
      if (!look || look === 'gone' || look.ended) continue;
      const { request } = look;
      const score = await this.archive.getScore(request);
      if (!score) continue;
      const { soundIdentity, options } = request;
      const { sha256: scoreSha256, format: scoreFormat } = request.score;
      const adopted = {
        ...request,
        engineVersion,
        content:
          soundIdentity === null
            ? content
            : contentKey({ scoreSha256, scoreFormat, options, soundIdentity, engineVersion }),
      };
      // In this order: whatever is interrupted, recovery finds an open record that is in no index, or in the old one.
      await this.archive.putOpen(adopted, score);
      if (!(await this.index.detach(id, content))) continue;
      await this.#enqueue(adopted);
      this.#counts.enqueued--;
      this.#counts.adopted++;
    }
    await this.jobs.drop(queue, content, run);
  }

  /** Every content under way MUST have a job that is not over. */
  async #recoverJobs(): Promise<void> {
    const contents = await this.index.liveContents();
    const known = new Set<string>();
    for (const name of new Set(contents.map(({ queue }) => queue))) {
      const states = ['active', 'wait', 'prioritized', 'delayed'] as const;
      const jobs = await reachRedis(() => this.jobs.queue(name).getRanges([...states], 0, -1, true));
      for (const job of jobs) known.add(job);
    }
    const missing = contents.filter(({ content, run }) => !known.has(jobIdOf(content, run)));
    await inParallel(16, missing, (live) => this.#guarded(live.content, () => this.#recoverJob(live)));
  }

  async #recoverJob({ content, run, queue }: LiveContent): Promise<void> {
    const jobId = jobIdOf(content, run);
    const state = await reachRedis(() => this.jobs.queue(queue).getJobState(jobId));
    if (state !== 'unknown' && state !== 'failed' && state !== 'completed') return;
    // Only now is it certain that the render has not ended between the two readings.
    const still = (await this.index.liveContents()).some((live) => live.content === content && live.run === run);
    if (!still) return;
    if (state === 'failed') {
      const ended = await this.index.fail(content, run, renderProblem('render-failed'));
      if (ended) await this.endings.recordAll(ended);
    } else {
      const id = await this.index.anyWaiting(content);
      const look = id === null ? null : await this.index.look(id);
      if (!look || look === 'gone' || look.ended) return;
      if (state === 'completed') await this.jobs.drop(queue, content, run);
      const { request } = look;
      const tag = await this.index.tag(content);
      await this.jobs.add(queue, { content, run, render: request.id, seconds: request.expectedSeconds }, tag);
    }
    this.#counts.jobs++;
  }

  async #restore(id: string): Promise<void> {
    const record = await this.archive.getEnded(id);
    if (!record) return;
    const { request, ending } = record;
    const manifest = ending.status === 'succeeded' ? await this.archive.getManifest(request.content) : null;
    const time = (text: string | null): number | null => (text === null ? null : Date.parse(text));
    await this.index.restore(
      request,
      {
        ...ending,
        startedAt: time(ending.startedAt),
        finishedAt: Date.parse(ending.finishedAt),
        expiresAt: time(ending.expiresAt),
      },
      manifest,
    );
    await this.#restoreKey(request);
    if (!record.webhookSettled) await this.webhooks.announce(request, `render.${ending.status}`);
    this.#counts.restored++;
  }

  async #restoreKey({ idempotency, tenant, id, createdAt }: RequestRecord): Promise<void> {
    if (idempotency) await this.keys.restore(tenant, idempotency, id, Date.parse(createdAt));
  }
}
