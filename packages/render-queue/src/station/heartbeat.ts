import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { FaultListener } from '../redis/connect.js';

/** Tells everybody that this station is alive, of which engine version it takes jobs and how many at once; estimates and readiness count on it. */
export class Heartbeat {
  readonly #key: string;
  readonly #versions: string;
  readonly #member: string;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly redis: Redis,
    prefix: string,
    private readonly queue: string,
    slots: number,
    private readonly onFault: FaultListener,
  ) {
    this.#key = `${prefix}:stations`;
    this.#versions = `${prefix}:versions`;
    // The scripts read queue and slots from it.
    this.#member = `${randomBytes(8).toString('hex')}:${queue}:${slots}`;
  }

  async start(): Promise<void> {
    await this.#beat();
    this.#timer = setInterval(() => {
      this.#beat().catch((error) => this.onFault(error, 'heartbeat'));
    }, 3000);
  }

  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    if (this.redis.status === 'ready') await this.redis.zrem(this.#key, this.#member).catch(() => undefined);
  }

  async #beat(): Promise<void> {
    const now = Date.now();
    await this.redis.zadd(this.#key, now + 10_000, this.#member);
    await this.redis.zremrangebyscore(this.#key, '-inf', now - 60_000);
    await this.redis.zadd(this.#versions, now, this.queue);
    await this.redis.zremrangebyscore(this.#versions, '-inf', now - 30 * 86_400_000);
  }
}
