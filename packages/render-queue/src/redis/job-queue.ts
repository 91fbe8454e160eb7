import { Queue, type Telemetry } from 'bullmq';
import type { Redis } from 'ioredis';
import type { FaultListener } from './connect.js';
import { jobIdOf, jobQueueName } from './redis-keys.js';
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
  /** Jobs stay visible to dashboards this long. MUST be shorter than idle contents remember their run (three days). */
  readonly keepSeconds: number;
  /** Carries traces from here to the stations. */
  readonly telemetry?: Telemetry | null;
}

/** The BullMQ queue of render jobs, producing side. */
export class JobQueue {
  readonly queue: Queue<RenderJobData>;

  constructor(
    redis: Redis,
    prefix: string,
    private readonly options: JobQueueOptions,
    onFault: FaultListener,
  ) {
    this.queue = new Queue<RenderJobData>(jobQueueName, {
      connection: redis,
      prefix,
      skipVersionCheck: true,
      ...(options.telemetry ? { telemetry: options.telemetry } : {}),
    });
    this.queue.on('error', (error) => onFault(error, 'queue'));
  }

  /** Adds the job of a run; adding it again does nothing. @param priority 1 is first */
  async add(data: RenderJobData, priority: number): Promise<void> {
    const { attempts, keepSeconds } = this.options;
    await reachRedis(() =>
      this.queue.add('render', data, {
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
  async pull(content: string, run: number, priority: number): Promise<void> {
    const job = await reachRedis(() => this.queue.getJob(jobIdOf(content, run)));
    await job?.changePriority({ priority }).catch(() => undefined);
  }

  /** Takes a job out that has not started; a started one is stopped by its worker. */
  async drop(content: string, run: number): Promise<void> {
    await reachRedis(() => this.queue.remove(jobIdOf(content, run))).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.queue.close();
  }
}
