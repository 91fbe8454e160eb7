import type { ServerResponse } from 'node:http';
import type { Request } from 'express';
import type { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../problems/problem.js';

const windowSeconds = 60;

/** Counts what callers hand in, in Redis, so that all API processes share the count. */
export class RateLimits {
  readonly #limiter: RateLimiterRedis;
  readonly #limit: number;

  constructor(redis: Redis, prefix: string, requestsPerMinute: number) {
    this.#limit = requestsPerMinute;
    this.#limiter = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: `{${prefix}}:rate`,
      points: requestsPerMinute,
      duration: windowSeconds,
    });
  }

  /**
   * Takes one from the caller's allowance and says in the headers what is left. With keys, a key has an allowance; without, on an open address, every client
   * address has one.
   * @param tenant null without keys
   * @throws Problem rate-limited, queue-unavailable.
   */
  async take(tenant: string | null, request: Request, response: ServerResponse): Promise<void> {
    const caller = tenant === null ? `ip:${request.ip ?? 'unknown'}` : `key:${tenant}`;
    const result = await this.#limiter.consume(caller).catch((refusal: unknown) => {
      if (refusal instanceof RateLimiterRes) return refusal;
      throw Problem.queueUnavailable(refusal);
    });
    const resetSeconds = Math.ceil(result.msBeforeNext / 1000);
    response.setHeader('RateLimit-Limit', this.#limit);
    response.setHeader('RateLimit-Remaining', Math.max(0, result.remainingPoints));
    response.setHeader('RateLimit-Reset', resetSeconds);
    if (result.consumedPoints > this.#limit) throw Problem.rateLimited(resetSeconds);
  }
}
