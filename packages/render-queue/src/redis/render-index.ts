import type { Redis } from 'ioredis';
import type { Manifest, RequestRecord } from '../records/records.js';
import type { RenderStatus } from '../render.js';
import { jobQueueName } from './redis-keys.js';
import { reachRedis } from './redis-script.js';
import { joinScript } from './scripts/join.js';
import {
  cancelScript,
  capacityScript,
  condemnScript,
  detachScript,
  forgetScript,
  lookScript,
  restoreScript,
} from './scripts/manage.js';
import { beginScript, finishScript, progressScript, retryScript } from './scripts/work.js';

export type Joined =
  /** The content is finished: so is the render. */
  | { readonly kind: 'cached' }
  /** A job has to be added. */
  | { readonly kind: 'new'; readonly run: number; readonly tag: number; readonly look: Look }
  /** A job has to be added (again: adding is idempotent), or given a better priority. */
  | { readonly kind: 'joined' | 'pulled'; readonly run: number; readonly tag: number }
  /** The render was in the index before; run is 0 when it has ended. */
  | { readonly kind: 'known'; readonly run: number; readonly tag: number; readonly status: string }
  /** `unsure`: the index is not complete, so the storage has to be asked for a manifest. */
  | { readonly kind: 'full' | 'busy' | 'condemned' | 'unsure' };

/** What the storage says of a content; `unasked` when it has not been looked at. */
export type KnownManifest = Manifest | null | 'unasked';

export interface JoinLimits {
  /** Most contents waiting; 0 is no limit. */
  readonly maxQueued: number;
  /** Most unfinished renders of one tenant; 0 is no limit. */
  readonly tenantMaxUnfinished: number;
}

/** What Redis knows of a render; see viewRender(). */
export interface Look {
  readonly request: RequestRecord;
  readonly ended: {
    readonly status: 'succeeded' | 'failed' | 'canceled';
    readonly startedAt: number | null;
    readonly finishedAt: number;
    readonly expiresAt: number | null;
    readonly error: { readonly code: string; readonly message: string } | null;
    readonly cached: boolean;
  } | null;
  readonly content: {
    readonly status: 'queued' | 'rendering';
    readonly startedAt: number | null;
    readonly renderedSeconds: number;
    readonly totalSeconds: number;
  };
  readonly manifest: Manifest | null;
  /** 0 is next; null when it does not wait in the queue. */
  readonly position: number | null;
  readonly waiting: number;
  readonly backlogSeconds: number;
  readonly slots: number;
  /** Rendered seconds of audio per second and slot, measured; null before the first. */
  readonly factor: number | null;
}

export interface QueueLoad {
  readonly stations: number;
  readonly slots: number;
  readonly waiting: number;
}

export interface Capacity {
  /** Worker processes alive. */
  readonly stations: number;
  /** Renders that they run at once. */
  readonly slots: number;
  /** Distinct jobs waiting: equal renders wait as one. */
  readonly waiting: number;
  /** Of these, jobs that no living worker may take: it has another engine version. */
  readonly stranded: number;
  /** By the queue of each engine version that has stations or waiting jobs. */
  readonly queues: Readonly<Record<string, QueueLoad>>;
  readonly backlogSeconds: number;
  readonly renders: Readonly<Record<RenderStatus, number>>;
  /** Rendered seconds of audio per second and slot: moving average; null before the first render. */
  readonly realTimeFactor: number | null;
  /** Moving average of the time one job takes; null before the first. */
  readonly jobSeconds: number | null;
  /** Bytes of all stored outputs. */
  readonly storedBytes: number;
}

type Fields = readonly (string | null)[];
type LoadReply = readonly [waiting: number, backlog: string, slots: number, factor: string];
type LookReply =
  | readonly ['gone']
  | readonly ['unknown']
  | readonly ['ended', render: Fields, content: Fields]
  | readonly ['live', render: Fields, content: Fields, position: number | null, ...LoadReply];
type JoinReply =
  | readonly [Exclude<Joined['kind'], 'new' | 'known'>, run: number, tag: number]
  | readonly ['known', run: number, tag: number, status: string]
  | readonly ['new', run: number, tag: number, position: number, ...LoadReply];
const number = (text: string | null | undefined): number | null => (text ? Number(text) : null);

/** Ended renders wait for nothing: their reply has no load. */
function loadOf([waiting, backlog, slots, factor]: LoadReply | readonly []): Pick<
  Look,
  'waiting' | 'backlogSeconds' | 'slots' | 'factor'
> {
  return { waiting: waiting ?? 0, backlogSeconds: Number(backlog ?? 0), slots: slots ?? 0, factor: number(factor) };
}

/** Of a content that nobody has begun to render. */
export function untouched({ expectedSeconds }: RequestRecord): Pick<Look, 'content' | 'manifest'> {
  const content = { status: 'queued', startedAt: null, renderedSeconds: 0, totalSeconds: expectedSeconds } as const;
  return { content, manifest: null };
}

export interface LiveContent {
  readonly content: string;
  readonly run: number;
  readonly queue: string;
  /** Milliseconds. */
  readonly queuedAt: number;
}

type CapacityReply = readonly [
  stations: readonly (readonly [queue: string, slots: number])[],
  waiting: readonly string[],
  allWaiting: number,
  backlog: string,
  counts: readonly [number, number, number, number, number],
  factor: string,
  jobSeconds: string,
  bytes: string,
];

/** @param waits names and counts in turn, as HGETALL gives them */
function queueLoads(stations: CapacityReply[0], waits: CapacityReply[1]): Record<string, QueueLoad> {
  const loads = new Map<string, { stations: number; slots: number; waiting: number }>();
  const of = (queue: string) => {
    const known = loads.get(queue) ?? { stations: 0, slots: 0, waiting: 0 };
    loads.set(queue, known);
    return known;
  };
  for (const [queue, slots] of stations) {
    const load = of(queue);
    load.stations++;
    load.slots += slots;
  }
  for (let at = 0; at + 1 < waits.length; at += 2) of(waits[at]!).waiting = Number(waits[at + 1]);
  return Object.fromEntries(loads);
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
    const [kind, run, tag] = reply;
    switch (kind) {
      case 'known':
        return { kind, run, tag, status: reply[3] };
      case 'new': {
        const [, , , position, ...load] = reply;
        return { kind, run, tag, look: { request, ended: null, ...untouched(request), position, ...loadOf(load) } };
      }
      case 'joined':
      case 'pulled':
        return { kind, run, tag };
      default:
        return { kind };
    }
  }

  /** @returns null when the id is unknown here, 'gone' when it is remembered as expired or deleted */
  async look(id: string): Promise<Look | 'gone' | null> {
    const reply = (await lookScript.run(this.redis, this.prefix, id, Date.now())) as LookReply;
    if (reply[0] === 'gone') return 'gone';
    if (reply[0] === 'unknown') return null;
    const [, render, content, position = null, ...load] = reply;
    // Records of the first version lack these.
    const request = { engineVersion: '', soundIdentity: null, ...JSON.parse(render[0] ?? '') } as RequestRecord;
    const status = render[2];
    return {
      request,
      ended:
        status === 'succeeded' || status === 'failed' || status === 'canceled'
          ? {
              status,
              startedAt: number(render[3]),
              finishedAt: Number(render[4]),
              expiresAt: number(render[5]),
              error: render[6] ? (JSON.parse(render[6]) as { code: string; message: string }) : null,
              cached: render[7] === '1',
            }
          : null,
      content: {
        status: content[0] === 'rendering' ? 'rendering' : 'queued',
        startedAt: number(content[2]),
        renderedSeconds: number(content[3]) ?? 0,
        totalSeconds: number(content[4]) ?? request.expectedSeconds,
      },
      manifest: content[5] ? (JSON.parse(content[5]) as Manifest) : null,
      position,
      ...loadOf(load),
    };
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
    return kind === 'go' ? { kind, waitedMs: number(waited), renders } : { kind };
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
    const [stations, waits, waiting, backlog, counts, factor, jobSeconds, bytes] = (await capacityScript.run(
      this.redis,
      this.prefix,
      Date.now(),
    )) as CapacityReply;
    const queues = queueLoads(stations, waits);
    return {
      stations: stations.length,
      slots: stations.reduce((sum, [, slots]) => sum + slots, 0),
      waiting,
      stranded: Object.values(queues).reduce((sum, queue) => sum + (queue.stations === 0 ? queue.waiting : 0), 0),
      queues,
      backlogSeconds: Number(backlog),
      renders: {
        queued: counts[0],
        rendering: counts[1],
        succeeded: counts[2],
        failed: counts[3],
        canceled: counts[4],
      },
      realTimeFactor: number(factor),
      jobSeconds: number(jobSeconds),
      storedBytes: Number(bytes),
    };
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
    return number(await reachRedis(() => this.redis.zscore(`${this.prefix}:versions`, queue)));
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
