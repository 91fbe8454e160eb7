import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { IdempotencyConflictError } from '../errors.js';
import { reachRedis } from '../redis/redis-script.js';
import { renderIdTime } from '../render-id.js';

/** A client's Idempotency-Key with what it stands for. */
export interface IdempotencyClaim {
  readonly key: string;
  /** Digest of the request; the same key with another fingerprint is refused. */
  readonly fingerprint: string;
}

/** A render that is not there so long after its id was made will not come: the process that claimed the key for it has died. */
const pendingSeconds = 30;

/** Which render an Idempotency-Key of a tenant stands for. */
export class IdempotencyKeys {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly ttlSeconds: number,
  ) {}

  /**
   * Claims a key for a new render.
   * @returns null when the key is now ours, or the render that it stands for
   * @throws IdempotencyConflictError when it stands for another request
   */
  async claim(tenant: string, claim: IdempotencyClaim, renderId: string): Promise<string | null> {
    const key = this.#key(tenant, claim.key);
    const value = `${renderId} ${claim.fingerprint}`;
    const before = await reachRedis(async () => {
      if ((await this.redis.set(key, value, 'EX', this.ttlSeconds, 'NX')) !== null) return null;
      return (await this.redis.get(key)) ?? value;
    });
    if (before === null) return null;
    const [id = '', fingerprint = ''] = before.split(' ');
    if (fingerprint !== claim.fingerprint) throw new IdempotencyConflictError();
    return id;
  }

  /** Whether a claim for a render that does not exist is to be given up. */
  static isAbandoned(renderId: string): boolean {
    return Date.now() - renderIdTime(renderId) > pendingSeconds * 1000;
  }

  /** The render was refused: the key is free again. */
  async release(tenant: string, claim: IdempotencyClaim): Promise<void> {
    await reachRedis(() => this.redis.del(this.#key(tenant, claim.key)));
  }

  /** After the loss of Redis: a key that is still to be remembered, unless it stands for something again. */
  async restore(tenant: string, claim: IdempotencyClaim, renderId: string, createdAt: number): Promise<void> {
    const left = Math.ceil(this.ttlSeconds - (Date.now() - createdAt) / 1000);
    if (left <= 0) return;
    const value = `${renderId} ${claim.fingerprint}`;
    await reachRedis(() => this.redis.set(this.#key(tenant, claim.key), value, 'EX', left, 'NX'));
  }

  #key(tenant: string, key: string): string {
    return `${this.prefix}:idempotency:${tenant}:${createHash('sha256').update(key).digest('hex')}`;
  }
}
