import type { Redis } from 'ioredis';
import type { Delivery } from '../records/records.js';
import { reachRedis } from '../redis/redis-script.js';

const keepSeconds = 604_800;

/** What became of a render's webhooks while they are being delivered; afterwards it is in the ended record. */
export class DeliveryLog {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {}

  async add(id: string, delivery: Delivery): Promise<void> {
    const key = this.#key(id);
    await reachRedis(() =>
      this.redis.multi().rpush(key, JSON.stringify(delivery)).expire(key, keepSeconds).ltrim(key, -100, -1).exec(),
    );
  }

  async read(id: string): Promise<Delivery[]> {
    const lines = await reachRedis(() => this.redis.lrange(this.#key(id), 0, -1));
    return lines.map((line) => JSON.parse(line) as Delivery);
  }

  #key(id: string): string {
    return `${this.prefix}:deliveries:${id}`;
  }
}
