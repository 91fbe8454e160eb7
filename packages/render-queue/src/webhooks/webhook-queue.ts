import { Queue, type Telemetry } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RequestRecord, WebhookEvent } from '../records/records.js';
import type { FaultListener } from '../redis/connect.js';
import { webhookQueueName } from '../redis/redis-keys.js';
import { reachRedis } from '../redis/redis-script.js';

export interface WebhookJobData {
  readonly render: string;
  readonly event: WebhookEvent;
}

/** Seconds before the second and later attempts: a receiver may be down for three days (Standard Webhooks, "Deliverability"). */
export const retryDelays = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** The BullMQ queue of webhook deliveries, producing side. */
export class WebhookQueue {
  readonly queue: Queue<WebhookJobData>;

  /** @param telemetry carries the trace of what is told to the sender */
  constructor(redis: Redis, prefix: string, onFault: FaultListener, telemetry: Telemetry | null = null) {
    this.queue = new Queue<WebhookJobData>(webhookQueueName, {
      connection: redis,
      prefix,
      skipVersionCheck: true,
      ...(telemetry ? { telemetry } : {}),
    });
    this.queue.on('error', (error) => onFault(error, 'webhooks'));
  }

  /** Queues a delivery when the render asked to be told of this event. Announcing twice queues once. */
  async announce(request: RequestRecord, event: WebhookEvent): Promise<void> {
    if (!request.webhook?.events.includes(event)) return;
    const data = { render: request.id, event };
    await reachRedis(() =>
      this.queue.add('deliver', data, {
        jobId: `${request.id}-${event}`,
        attempts: retryDelays.length + 1,
        backoff: { type: 'custom' },
        removeOnComplete: { age: 259_200, count: 1000 },
        removeOnFail: { age: 259_200, count: 1000 },
      }),
    );
  }

  async close(): Promise<void> {
    await this.queue.close();
  }
}
