import { randomBytes } from 'node:crypto';
import { DelayedError, type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { inParallel } from '../in-parallel.js';
import type { Manifest, RequestRecord } from '../records/records.js';
import { RenderArchive } from '../records/render-archive.js';
import { Endings } from '../recovery/endings.js';
import { connectRedis, reachWithin } from '../redis/connect.js';
import { JobQueue, type RenderJobData } from '../redis/job-queue.js';
import { defaultPrefix, jobIdOf, jobQueueName, redisPrefix } from '../redis/redis-keys.js';
import { RenderIndex } from '../redis/render-index.js';
import { type Problem, renderProblem, renderProblems } from '../render-problems.js';
import { noTracing } from '../tracing.js';
import { WebhookQueue } from '../webhooks/webhook-queue.js';
import { Heartbeat } from './heartbeat.js';
import { publish } from './publish.js';
import { RefusedScoreError, type RunResult } from './render-job.js';
import { RenderRun } from './render-run.js';
import type { RenderStationOptions, StationEvent } from './station-options.js';
import { WorkFolders } from './work-folders.js';

type Outcome = Pick<Extract<StationEvent, { kind: 'ended' }>, 'outcome' | 'code' | 'error'> & {
  readonly manifest?: Manifest;
};

/**
 * Takes jobs from the queue, has them rendered and publishes the files. One per worker process.
 *
 * What keeps a render from being lost or made twice: BullMQ's lock, renewed by this process's event loop (so the runner MUST NOT block it); the run number,
 * by which Redis accepts one end of a run and no other; and the manifest, which says that the files are there whoever made them.
 */
export class RenderStation {
  readonly #options: Required<RenderStationOptions>;
  readonly #redis: Redis;
  readonly #subscriber: Redis;
  readonly #prefix: string;
  readonly #queue: string;
  readonly #index: RenderIndex;
  readonly #archive: RenderArchive;
  readonly #jobs: JobQueue;
  readonly #webhooks: WebhookQueue;
  readonly #endings: Endings;
  readonly #heartbeat: Heartbeat;
  readonly #runs = new Map<string, RenderRun>();
  readonly #folders: WorkFolders;
  #worker: Worker<RenderJobData> | null = null;
  #closing: Promise<void> | null = null;

  /** Connects and starts taking jobs; rejects when Redis does not answer within 30 s. */
  static async open(options: RenderStationOptions): Promise<RenderStation> {
    const station = new RenderStation(options, await WorkFolders.open(options.workFolder));
    try {
      await station.#start();
    } catch (error) {
      await station.close(0);
      throw error;
    }
    return station;
  }

  private constructor(options: RenderStationOptions, folders: WorkFolders) {
    this.#options = {
      name: defaultPrefix,
      tenantConcurrency: 0,
      lockSeconds: 20,
      stalledCheckSeconds: 5,
      maxStalls: 2,
      goneSeconds: 604_800,
      tracing: noTracing,
      onEvent: () => undefined,
      ...options,
    };
    const { redisUrl, store, onFault, goneSeconds, slots, engineVersion, tracing } = this.#options;
    this.#queue = jobQueueName(engineVersion);
    const prefix = redisPrefix(this.#options.name);
    this.#prefix = prefix;
    this.#folders = folders;
    this.#redis = connectRedis(redisUrl, prefix, 'patient', onFault);
    this.#subscriber = connectRedis(redisUrl, prefix, 'patient', onFault);
    this.#index = new RenderIndex(this.#redis, prefix);
    this.#archive = new RenderArchive(store);
    this.#jobs = new JobQueue(this.#redis, prefix, { attempts: 1, keepSeconds: 86_400 }, onFault);
    this.#webhooks = new WebhookQueue(this.#redis, prefix, onFault, tracing.telemetry);
    this.#endings = new Endings(this.#index, this.#archive, this.#jobs, this.#webhooks, goneSeconds);
    this.#heartbeat = new Heartbeat(this.#redis, prefix, this.#queue, slots, onFault);
  }

  /** Jobs being rendered now. */
  get running(): number {
    return this.#runs.size;
  }

  /** Whether Redis answers and jobs are taken. */
  get ready(): boolean {
    return this.#closing === null && this.#redis.status === 'ready' && this.#worker?.isRunning() === true;
  }

  /**
   * Takes no more jobs and waits for those under way; after `drainSeconds` they are stopped and handed over to other stations at once.
   * Calling it again returns the same promise.
   */
  close(drainSeconds: number): Promise<void> {
    this.#closing ??= this.#close(drainSeconds);
    return this.#closing;
  }

  async #start(): Promise<void> {
    const { onFault, slots, lockSeconds, stalledCheckSeconds, maxStalls, tracing } = this.#options;
    await Promise.all([reachWithin(this.#redis, 30), reachWithin(this.#subscriber, 30)]);
    this.#subscriber.on('message', (_channel, jobId: string) => this.#runs.get(jobId)?.stop('canceled'));
    await this.#subscriber.subscribe(`${this.#prefix}:cancel`);
    const worker = new Worker<RenderJobData>(this.#queue, (job, token) => this.#process(job, token ?? ''), {
      connection: this.#redis,
      prefix: this.#prefix,
      concurrency: slots,
      lockDuration: lockSeconds * 1000,
      stalledInterval: stalledCheckSeconds * 1000,
      maxStalledCount: maxStalls,
      skipVersionCheck: true,
      ...(tracing.telemetry ? { telemetry: tracing.telemetry } : {}),
    });
    this.#worker = worker;
    worker.on('error', (error) => onFault(error, 'worker'));
    worker.on('failed', (job, error) => {
      // Jobs that killed too many stations fail without coming to any processor.
      if (job && /stalled more than/.test(error.message)) void this.#giveUp(job);
    });
    await worker.waitUntilReady();
    await this.#heartbeat.start();
  }

  async #process(job: Job<RenderJobData>, token: string): Promise<unknown> {
    const { content, run, seconds } = job.data;
    const jobId = jobIdOf(content, run);
    // After a long loss of Redis our own job may come back as stalled while it is still being rendered here.
    for (let twin = this.#runs.get(jobId); twin; twin = this.#runs.get(jobId)) await twin.closed;
    const current = new RenderRun(seconds, (rendered, total) => this.#index.progress(content, run, rendered, total));
    this.#runs.set(jobId, current);
    try {
      const begun = await this.#index.begin(content, run, this.#options.tenantConcurrency);
      if (begun.kind !== 'go') {
        if (begun.kind === 'stale') return { outcome: 'stale' };
        await job.moveToDelayed(Date.now() + 200 + Math.floor((randomBytes(1)[0] ?? 0) * 1.5), token);
        throw new DelayedError();
      }
      this.#tell({
        kind: 'started',
        jobId,
        renderIds: begun.renders,
        attempt: job.attemptsMade + 1,
        waitedSeconds: begun.waitedMs === null ? null : begun.waitedMs / 1000,
      });
      const startedAt = Date.now();
      const outcome = await this.#render(job, current, begun.renders, startedAt);
      const { manifest, error, ...told } = outcome;
      this.#tell({
        kind: 'ended',
        jobId,
        renderIds: begun.renders,
        ...told,
        error,
        renderSeconds: (Date.now() - startedAt) / 1000,
        audioSeconds: manifest?.audio.durationSeconds ?? 0,
        bytes: manifest?.bytes ?? 0,
      });
      return await this.#settle(job, token, outcome);
    } finally {
      this.#runs.delete(jobId);
      current.close();
    }
  }

  /** Never rejects but for faults of Redis and storage in writing down the outcome itself. */
  async #render(
    job: Job<RenderJobData>,
    current: RenderRun,
    renders: readonly string[],
    startedAt: number,
  ): Promise<Outcome> {
    const { content, run } = job.data;
    try {
      // Redis may have gone back in time, or another station may have died right after publishing.
      const [found, requests] = await Promise.all([this.#archive.getManifest(content), this.#requests(renders)]);
      const manifest = found ?? (await this.#make(job, current, requests, startedAt));
      const ended = await this.#index.succeed(content, run, manifest, found === null);
      if (!ended) return { outcome: 'canceled', code: null, error: null, manifest };
      await this.#endings.recordAll(ended);
      return { outcome: found ? 'found' : 'succeeded', code: null, error: null, manifest };
    } catch (error) {
      if (current.stopped === 'canceled') return { outcome: 'canceled', code: null, error: null };
      if (current.stopped === 'handed-over') {
        await this.#index.retry(content, run);
        return { outcome: 'handed-over', code: 'worker-stopped', error };
      }
      if (error instanceof RefusedScoreError) {
        await this.#fail(content, run, { code: error.code, message: error.message });
        return { outcome: 'refused', code: error.code, error };
      }
      if (job.attemptsMade + 1 < (job.opts.attempts ?? 1)) {
        await this.#index.retry(content, run);
        return { outcome: 'retried', code: 'render-failed', error };
      }
      await this.#fail(content, run, renderProblem('render-failed'));
      return { outcome: 'failed', code: 'render-failed', error };
    }
  }

  async #make(
    job: Job<RenderJobData>,
    current: RenderRun,
    requests: readonly RequestRecord[],
    startedAt: number,
  ): Promise<Manifest> {
    // They differ in nothing that can be heard.
    const [request] = requests;
    if (!request) throw new Error('No render waits for this job any more.');
    await inParallel(16, requests, (each) => this.#webhooks.announce(each, 'render.started'));
    const bytes = await this.#archive.getScore(request);
    if (!bytes) throw new RefusedScoreError('score-missing', renderProblems['score-missing']);
    const outputFolder = await this.#folders.take();
    try {
      current.check();
      const { format } = request.score;
      const { runner, tracing } = this.#options;
      const result = await tracing.span('render', { 'render.id': request.id, 'score.format': format }, async (span) => {
        const began = performance.now();
        const made = await runner(
          {
            bytes,
            hint: { format, fileName: request.fileName },
            options: request.options,
            soundIdentity: request.soundIdentity,
            outputFolder,
            renderId: request.id,
          },
          { signal: current.signal, onProgress: (rendered, total) => current.progress(rendered, total) },
        );
        span.set(measures(made, (performance.now() - began) / 1000));
        return made;
      });
      current.check();
      return await tracing.span('publish', { 'render.id': request.id }, async (span) => {
        const manifest = await publish(this.#archive, job.data.content, result, startedAt);
        span.set({ 'published.bytes': manifest.bytes });
        return manifest;
      });
    } finally {
      await this.#folders.giveBack(outputFolder);
    }
  }

  async #requests(renders: readonly string[]): Promise<RequestRecord[]> {
    const looks = await Promise.all(renders.map((id) => this.#index.look(id)));
    return looks.flatMap((look) => (look && look !== 'gone' ? [look.request] : []));
  }

  /** Tells BullMQ, by returning or throwing, what becomes of the job. */
  async #settle(job: Job<RenderJobData>, token: string, { outcome, error }: Outcome): Promise<unknown> {
    switch (outcome) {
      case 'refused':
        throw new UnrecoverableError(String(error));
      case 'failed':
      case 'retried':
        throw error instanceof Error ? error : new Error(String(error));
      case 'handed-over':
        await job.moveToWait(token);
        throw new WaitingError();
      default:
        return { outcome };
    }
  }

  async #fail(content: string, run: number, problem: Problem): Promise<void> {
    const ended = await this.#index.fail(content, run, problem);
    if (ended) await this.#endings.recordAll(ended);
  }

  async #giveUp(job: Job<RenderJobData>): Promise<void> {
    try {
      await this.#fail(job.data.content, job.data.run, renderProblem('render-crashed'));
    } catch (error) {
      // Recovery finds the failed job and ends the render.
      this.#options.onFault(error, 'give up');
    }
  }

  #tell(event: StationEvent): void {
    try {
      this.#options.onEvent(event);
    } catch (error) {
      this.#options.onFault(error, 'listener');
    }
  }

  async #close(drainSeconds: number): Promise<void> {
    const handOver = setTimeout(() => {
      for (const run of this.#runs.values()) run.stop('handed-over');
    }, drainSeconds * 1000);
    await this.#heartbeat.stop();
    try {
      await this.#worker?.close();
    } finally {
      clearTimeout(handOver);
      await Promise.all([this.#jobs.close(), this.#webhooks.close()]).catch(() => undefined);
      this.#subscriber.disconnect();
      this.#redis.disconnect();
      await this.#folders.close();
    }
  }
}

/** Of a finished render, for its span. */
function measures({ audio, peakVoices }: RunResult, seconds: number): Record<string, number> {
  return {
    'audio.duration_seconds': audio.durationSeconds,
    'render.realtime_factor': audio.durationSeconds / Math.max(0.001, seconds),
    ...(peakVoices === undefined ? {} : { 'render.peak_voices': peakVoices }),
  };
}
