import {
  IdempotencyPendingError,
  QueueFullError,
  QueueUnavailableError,
  RenderNotFoundError,
  TenantBusyError,
} from '../errors.js';
import { contentKey } from '../records/content-key.js';
import type { RequestRecord } from '../records/records.js';
import type { RenderArchive } from '../records/render-archive.js';
import type { Endings } from '../recovery/endings.js';
import type { JobQueue } from '../redis/job-queue.js';
import type { Joined, KnownManifest } from '../redis/joined.js';
import { jobQueueName } from '../redis/redis-keys.js';
import type { RenderIndex } from '../redis/render-index.js';
import type { RenderReader } from '../redis/render-reader.js';
import { viewRender } from '../redis/render-view.js';
import type { Render } from '../render.js';
import { newRenderId } from '../render-id.js';
import type { RenderDeskOptions } from './desk-options.js';
import { type IdempotencyClaim, IdempotencyKeys } from './idempotency.js';
import type { Submission, Submitted } from './submission.js';

export interface IntakeParts {
  readonly archive: RenderArchive;
  readonly index: RenderIndex;
  readonly reader: RenderReader;
  readonly endings: Endings;
  readonly jobs: JobQueue;
  readonly keys: IdempotencyKeys;
}

export type IntakeSettings = Pick<
  Required<RenderDeskOptions>,
  'engineVersion' | 'maxQueued' | 'tenantMaxUnfinished' | 'ttlSeconds' | 'onFault'
>;

/**
 * Takes submissions in: writes score and request down, joins the render to the job of its content, and gives that job to
 * the queue when it is new.
 */
export class RenderIntake {
  readonly #archive: RenderArchive;
  readonly #index: RenderIndex;
  readonly #reader: RenderReader;
  readonly #endings: Endings;
  readonly #jobs: JobQueue;
  readonly #keys: IdempotencyKeys;
  readonly #settings: IntakeSettings;
  readonly #queue: string;

  constructor(parts: IntakeParts, settings: IntakeSettings) {
    this.#archive = parts.archive;
    this.#index = parts.index;
    this.#reader = parts.reader;
    this.#endings = parts.endings;
    this.#jobs = parts.jobs;
    this.#keys = parts.keys;
    this.#settings = settings;
    this.#queue = jobQueueName(settings.engineVersion);
  }

  /** See RenderDesk.submit(). */
  async submit(submission: Submission): Promise<Submitted> {
    const request = this.#request(submission);
    const claim = submission.idempotency ?? null;
    if (claim) {
      const earlier = await this.#claim(request, claim);
      if (earlier) return { render: earlier, replayed: true };
    }
    const joined = await this.#admit(request, submission.bytes).catch(async (error: unknown) => {
      // Redis may have taken the render in and lost the answer: then the same request under the same key has to find it.
      if (claim && error instanceof QueueUnavailableError) throw error;
      await this.#archive.deleteOpen(request.id).catch(() => undefined);
      if (claim) await this.#keys.release(request.tenant, claim).catch(() => undefined);
      throw error;
    });
    return { render: await this.#accepted(request, joined), replayed: false };
  }

  #request(submission: Submission): RequestRecord {
    const { score, options } = submission;
    const now = Date.now();
    const ttlSeconds = submission.ttlSeconds === undefined ? this.#settings.ttlSeconds : submission.ttlSeconds;
    return {
      version: 1,
      id: newRenderId(now),
      tenant: submission.tenant,
      createdAt: new Date(now).toISOString(),
      content: contentKey({
        scoreSha256: score.sha256,
        scoreFormat: score.format,
        options,
        soundIdentity: submission.soundIdentity,
        engineVersion: this.#settings.engineVersion,
      }),
      score,
      fileName: submission.fileName ?? null,
      options,
      expectedSeconds: submission.expectedSeconds ?? score.durationSeconds,
      warnings: submission.warnings ?? [],
      metadata: submission.metadata ?? {},
      webhook: submission.webhook ?? null,
      cancelAt: submission.cancelAfterSeconds
        ? new Date(now + submission.cancelAfterSeconds * 1000).toISOString()
        : null,
      ttlSeconds,
      idempotency: submission.idempotency ?? null,
      engineVersion: this.#settings.engineVersion,
      soundIdentity: submission.soundIdentity,
    };
  }

  /** When it rejects, the caller takes back what was written down: recovery must not make what the client was not promised. */
  async #admit(request: RequestRecord, bytes: Uint8Array): Promise<Joined> {
    const { maxQueued, tenantMaxUnfinished } = this.#settings;
    await this.#archive.putOpen(request, bytes);
    const joined = await this.#joinWhole(request);
    if (joined.kind === 'full') throw new QueueFullError(maxQueued, await this.#secondsToNextStart());
    if (joined.kind === 'busy') throw new TenantBusyError(tenantMaxUnfinished, await this.#secondsToNextStart());
    return joined;
  }

  /** The render is accepted: should the queue not answer now, recovery gives it the job. */
  async #accepted(request: RequestRecord, joined: Joined): Promise<Render> {
    await this.#enqueue(request, joined).catch((error: unknown) => this.#settings.onFault(error, 'enqueue'));
    if (joined.kind === 'new') return viewRender(joined.look);
    const look = await this.#reader.look(request.id);
    if (look.ended) await this.#endings.record(look);
    return viewRender(look);
  }

  async #enqueue(request: RequestRecord, joined: Joined): Promise<void> {
    // `known`: the connection broke and the call was sent again, after Redis had taken the render in.
    if (joined.kind === 'new' || joined.kind === 'joined' || (joined.kind === 'known' && joined.run > 0)) {
      const { id, content, expectedSeconds } = request;
      await this.#jobs.add(this.#queue, { content, run: joined.run, render: id, seconds: expectedSeconds }, joined.tag);
    } else if (joined.kind === 'pulled') {
      await this.#jobs.pull(this.#queue, request.content, joined.run, joined.tag);
    }
  }

  /** Joins a finished content only while its files are there. */
  async #joinWhole(request: RequestRecord): Promise<Joined> {
    const joined = await this.#join(request);
    if (joined.kind !== 'cached') return joined;
    const { manifest } = await this.#reader.look(request.id);
    if (manifest === null || (await this.#archive.hasAudio(manifest))) return joined;
    // First the manifest in the storage, or a worker would take it for a finished render.
    await this.#archive.deleteManifest(request.content);
    await this.#index.lose(request, manifest);
    return this.#join(request);
  }

  /** Asks the storage for finished files where Redis cannot know, and waits while the files of an equal render are being deleted: that takes milliseconds. */
  async #join(request: RequestRecord): Promise<Joined> {
    const { maxQueued, tenantMaxUnfinished } = this.#settings;
    for (let known: KnownManifest = 'unasked'; ; known = await this.#archive.getManifest(request.content)) {
      const joined = await this.#index.join(request, { maxQueued, tenantMaxUnfinished }, known, true);
      if (joined.kind === 'condemned') await new Promise((resolve) => setTimeout(resolve, 25));
      else if (joined.kind !== 'unsure') return joined;
    }
  }

  /** @returns the render that the key stands for already, or null when it is claimed for this request */
  async #claim(request: RequestRecord, claim: IdempotencyClaim): Promise<Render | null> {
    const earlier = await this.#keys.claim(request.tenant, claim, request.id);
    if (earlier === null) return null;
    try {
      return viewRender(await this.#reader.look(earlier));
    } catch (error) {
      if (!(error instanceof RenderNotFoundError)) throw error;
      // Claimed by a request that is still writing its record, or that died before it could.
      if (!IdempotencyKeys.isAbandoned(earlier)) throw new IdempotencyPendingError();
      await this.#keys.release(request.tenant, claim);
      return this.#claim(request, claim);
    }
  }

  async #secondsToNextStart(): Promise<number> {
    const capacity = await this.#index.capacity().catch(() => null);
    const slots = capacity?.queues[this.#queue]?.slots ?? 0;
    return Math.max(1, Math.ceil((capacity?.jobSeconds ?? 5) / Math.max(1, slots)));
  }
}
