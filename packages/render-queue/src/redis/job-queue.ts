import { Queue, type Telemetry } from 'bullmq';
import type { Redis } from 'ioredis';
import type { FaultListener } from './connect.js';
import { jobIdOf } from './redis-keys.js';
import { reachRedis } from './redis-script.js';

/** All that a job carries: the rest is in the request record of one of its renders. */
export interface RenderJobData {
  readonly content: string;
  readonly run: number;
  /** The render that caused it, for logs and dashboards. */
  readonly render: string;
  readonly seconds: number;
}

export interface JobQueueOptions {
  readonly attempts: number;
  /** Jobs stay visible to dashboards this long. */
  readonly keepSeconds: number;
  /** Carries traces from here to the stations. */
  readonly telemetry?: Telemetry | null;
}

/** The BullMQ queues of render jobs, one for each engine version: producing side. */
export class JobQueue {
  readonly #queues = new Map<string, Queue<RenderJobData>>();

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly options: JobQueueOptions,
    private readonly onFault: FaultListener,
  ) {}

  /** @param name see {@link jobQueueName} */
  queue(name: string): Queue<RenderJobData> {
    const known = this.#queues.get(name);
    if (known) return known;
    const { telemetry } = this.options;
    const queue = new Queue<RenderJobData>(name, {
      connection: this.redis,
      prefix: this.prefix,
      skipVersionCheck: true,
      ...(telemetry ? { telemetry } : {}),
    });
    queue.on('error', (error) => this.onFault(error, 'queue'));
    this.#queues.set(name, queue);
    return queue;
  }

  /** Adds the job of a run; adding it again does nothing. @param priority 1 is first */
  async add(name: string, data: RenderJobData, priority: number): Promise<void> {
    const { attempts, keepSeconds } = this.options;
    await reachRedis(() =>
      this.queue(name).add('render', data, {
        jobId: jobIdOf(data.content, data.run),
        priority,
        attempts,
        backoff: { type: 'exponential', delay: 1000, jitter: 0.5 },
        removeOnComplete: { age: keepSeconds, count: 1000 },
        removeOnFail: { age: keepSeconds, count: 5000 },
      }),
    );
  }

  /** Pulls a waiting job forward; one that has just started stays as it is. */
  async pull(name: string, content: string, run: number, priority: number): Promise<void> {
    const job = await reachRedis(() => this.queue(name).getJob(jobIdOf(content, run)));
    await job?.changePriority({ priority }).catch(() => undefined);
  }

  /** Takes a job out that has not started; a started one is stopped by its worker. */
  async drop(name: string, content: string, run: number): Promise<void> {
    await reachRedis(() => this.queue(name).remove(jobIdOf(content, run))).catch(() => undefined);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map((queue) => queue.close()));
  }
}
