import type { ServerResponse } from 'node:http';
import type { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../problems/problem.js';

const windowSeconds = 60;

/** Counts submissions per caller in Redis, so that all API processes share the count. */
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
   * Takes one from the caller's allowance and says in the headers what is left.
   * @throws Problem rate-limited, queue-unavailable.
   */
  async take(caller: string, response: ServerResponse): Promise<void> {
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
