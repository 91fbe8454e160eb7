import type { Redis } from 'ioredis';
import type { Manifest, RequestRecord } from '../records/records.js';
import type { RenderStatus } from '../render.js';
import { type Capacity, type CapacityReply, readCapacity } from './capacity.js';
import { type Joined, type JoinLimits, type JoinReply, type KnownManifest, readJoined } from './joined.js';
import { type Look, type LookReply, readLook } from './look.js';
import { jobQueueName } from './redis-keys.js';
import { reachRedis } from './redis-script.js';
import { scriptNumber } from './script-number.js';
import { joinScript } from './scripts/join.js';
import {
  cancelScript,
  capacityScript,
  condemnScript,
  detachScript,
  forgetScript,
  lookScript,
  loseScript,
  restoreScript,
} from './scripts/manage.js';
import { beginScript, finishScript, progressScript, retryScript } from './scripts/work.js';

export interface LiveContent {
  readonly content: string;
  readonly run: number;
  readonly queue: string;
  /** Milliseconds. */
  readonly queuedAt: number;
}

/** The scripts with types: the only place that knows the shape of their replies. */
export class RenderIndex {
  constructor(
    readonly redis: Redis,
    readonly prefix: string,
  ) {}

  /** @param cached what to say of a render whose content is finished: false when recovery finds the render's own files */
  async join(request: RequestRecord, limits: JoinLimits, known: KnownManifest, cached: boolean): Promise<Joined> {
    const manifest = known === 'unasked' ? null : known;
    const reply = (await joinScript.run(
      this.redis,
      this.prefix,
      request.id,
      request.content,
      request.tenant,
      Date.now(),
      JSON.stringify(request),
      request.expectedSeconds,
      request.ttlSeconds ?? 0,
      request.cancelAt ? Date.parse(request.cancelAt) : '',
      limits.maxQueued,
      limits.tenantMaxUnfinished,
      manifest ? JSON.stringify(manifest) : '',
      manifest?.bytes ?? 0,
      cached ? '1' : '',
      known === 'unasked' ? '' : '1',
      jobQueueName(request.engineVersion),
    )) as JoinReply;
    return readJoined(reply, request);
  }

  /** @returns null when the id is unknown here, 'gone' when it is remembered as expired or deleted */
  async look(id: string): Promise<Look | 'gone' | null> {
    return readLook((await lookScript.run(this.redis, this.prefix, id, Date.now())) as LookReply);
  }

  async cancel(
    id: string,
    problem: { code: string; message: string },
  ): Promise<{ status: RenderStatus | 'unknown'; ended: { content: string; run: number } | null; canceled: boolean }> {
    const [status, content, run] = (await cancelScript.run(
      this.redis,
      this.prefix,
      id,
      Date.now(),
      JSON.stringify(problem),
    )) as [RenderStatus | 'unknown', string | undefined, string | undefined];
    return {
      status,
      ended: content ? { content, run: Number(run) } : null,
      canceled: status === 'queued' || status === 'rendering',
    };
  }

  /** @returns the tenant and content, and whether the content's files have to be deleted; or why not */
  async forget(
    id: string,
    goneSeconds: number,
  ): Promise<{ content: string; condemned: boolean } | 'unknown' | 'unfinished'> {
    const [first, content, condemned] = (await forgetScript.run(this.redis, this.prefix, id, goneSeconds)) as string[];
    if (first === 'unknown' || first === 'unfinished') return first;
    return { content: content ?? '', condemned: condemned === 'condemned' };
  }

  /** Claims the files of a content that no render refers to for deletion. @returns whether they are now condemned */
  async condemn(content: string): Promise<boolean> {
    return (await condemnScript.run(this.redis, this.prefix, content)) === 1;
  }

  /** The files of this content are not in the storage any more, although the index says so: the render, cached a moment ago, is as if never joined. */
  async lose({ id, content, tenant }: RequestRecord, manifest: Manifest): Promise<void> {
    await loseScript.run(this.redis, this.prefix, id, content, tenant, JSON.stringify(manifest));
  }

  /** The files of a condemned content are deleted: renders may join it again. */
  async absolve(content: string): Promise<void> {
    await reachRedis(() => this.redis.del(`${this.prefix}:condemned:${content}`));
  }

  async restore(request: RequestRecord, ended: NonNullable<Look['ended']>, manifest: Manifest | null): Promise<void> {
    await restoreScript.run(
      this.redis,
      this.prefix,
      request.id,
      request.content,
      request.tenant,
      JSON.stringify(request),
      request.ttlSeconds ?? 0,
      ended.status,
      ended.startedAt ?? '',
      ended.finishedAt,
      ended.expiresAt ?? '',
      ended.error ? JSON.stringify(ended.error) : '',
      ended.cached ? '1' : '',
      manifest ? JSON.stringify(manifest) : '',
      manifest?.bytes ?? 0,
    );
  }

  async begin(
    content: string,
    run: number,
    tenantConcurrency: number,
  ): Promise<{ kind: 'go'; waitedMs: number | null; renders: string[] } | { kind: 'stale' | 'wait' }> {
    const [kind, waited, ...renders] = (await beginScript.run(
      this.redis,
      this.prefix,
      content,
      run,
      Date.now(),
      tenantConcurrency,
    )) as ['go' | 'stale' | 'wait', ...string[]];
    return kind === 'go' ? { kind, waitedMs: scriptNumber(waited), renders } : { kind };
  }

  /** @returns whether somebody still waits for this run */
  async progress(content: string, run: number, renderedSeconds: number, totalSeconds: number): Promise<boolean> {
    return (await progressScript.run(this.redis, this.prefix, content, run, renderedSeconds, totalSeconds)) === 1;
  }

  async retry(content: string, run: number): Promise<void> {
    await retryScript.run(this.redis, this.prefix, content, run);
  }

  /** @returns the renders that ended by it, or null when this run had ended before */
  async succeed(content: string, run: number, manifest: Manifest, measured: boolean): Promise<string[] | null> {
    return this.#finish(
      content,
      run,
      JSON.stringify(manifest),
      manifest.bytes,
      '',
      measured ? manifest.renderSeconds : 0,
      manifest.audio.durationSeconds,
    );
  }

  async fail(content: string, run: number, problem: { code: string; message: string }): Promise<string[] | null> {
    return this.#finish(content, run, '', 0, JSON.stringify(problem), 0, 0);
  }

  async #finish(content: string, run: number, ...rest: (string | number)[]): Promise<string[] | null> {
    return (await finishScript.run(this.redis, this.prefix, content, run, Date.now(), ...rest)) as string[] | null;
  }

  /** Rejects when Redis takes no writes: out of memory, or a replica. */
  async assertWritable(): Promise<void> {
    await reachRedis(() => this.redis.set(`${this.prefix}:writable`, '1', 'EX', 60));
  }

  async capacity(): Promise<Capacity> {
    return readCapacity((await capacityScript.run(this.redis, this.prefix, Date.now())) as CapacityReply);
  }

  /** Every unfinished render. */
  async unfinished(): Promise<string[]> {
    const [queued, rendering] = await reachRedis(() =>
      Promise.all([
        this.redis.zrange(`${this.prefix}:list:queued`, '0', '-1'),
        this.redis.zrange(`${this.prefix}:list:rendering`, '0', '-1'),
      ]),
    );
    return [...queued, ...rendering];
  }

  /** Every content that waits or is being rendered, with its run and the queue that its job is in. */
  async liveContents(): Promise<LiveContent[]> {
    const contents = await reachRedis(() => this.redis.sunion(`${this.prefix}:waiting`, `${this.prefix}:active`));
    const runs = await Promise.all(
      contents.map((content) =>
        reachRedis(() => this.redis.hmget(`${this.prefix}:content:${content}`, 'status', 'run', 'queue', 'queuedAt')),
      ),
    );
    return contents.flatMap((content, at) => {
      const [status, run, queue, queuedAt] = runs[at] ?? [];
      if (status !== 'queued' && status !== 'rendering') return [];
      return [{ content, run: Number(run), queue: queue ?? jobQueueName(''), queuedAt: Number(queuedAt ?? 0) }];
    });
  }

  /** Every render that waits for this content. */
  async waitingFor(content: string): Promise<string[]> {
    return reachRedis(() => this.redis.smembers(`${this.prefix}:live:${content}`));
  }

  /** Takes an unfinished render out of its content, to be joined to another one at once. @returns whether it was there */
  async detach(id: string, content: string): Promise<boolean> {
    return (await detachScript.run(this.redis, this.prefix, id, content)) === 1;
  }

  /** When a station of this queue's engine version was alive last, in milliseconds; null when none ever was. */
  async lastAlive(queue: string): Promise<number | null> {
    return scriptNumber(await reachRedis(() => this.redis.zscore(`${this.prefix}:versions`, queue)));
  }

  /** One render that waits for this content, or null. */
  async anyWaiting(content: string): Promise<string | null> {
    return reachRedis(() => this.redis.srandmember(`${this.prefix}:live:${content}`));
  }

  /** Ids whose time in `expiries` or `deadlines` has come, or the oldest ended renders. */
  async due(what: 'expiries' | 'deadlines', limit: number): Promise<string[]> {
    return reachRedis(() => this.redis.zrangebyscore(`${this.prefix}:${what}`, '-inf', Date.now(), 'LIMIT', 0, limit));
  }

  async oldestEnded(limit: number): Promise<string[]> {
    return reachRedis(() => this.redis.zrange(`${this.prefix}:ended`, '0', String(limit - 1)));
  }

  async tag(content: string): Promise<number> {
    return Number((await reachRedis(() => this.redis.hget(`${this.prefix}:content:${content}`, 'tag'))) ?? 1);
  }

  /** Ids of one status, newest first, older than `before`. */
  async page(status: RenderStatus, tenant: string | null, before: string | null, limit: number): Promise<string[]> {
    const key = `${this.prefix}:list:${status}${tenant === null ? '' : `:${tenant}`}`;
    return reachRedis(() => this.redis.zrevrangebylex(key, before ? `(${before}` : '+', '-', 'LIMIT', 0, limit));
  }
}
