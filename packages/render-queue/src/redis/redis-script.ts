import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { QueueUnavailableError, RenderQueueError } from '../errors.js';

/** Runs a call to Redis; whatever goes wrong in it becomes a QueueUnavailableError. */
export async function reachRedis<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof RenderQueueError ? error : new QueueUnavailableError(error);
  }
}

/** A Lua script: atomic in Redis, sent as a digest, and in full when the server does not know it (yet, or after a restart). */
export class RedisScript {
  readonly #source: string;
  readonly #digest: string;

  constructor(source: string) {
    this.#source = source;
    this.#digest = createHash('sha1').update(source).digest('hex');
  }

  /** @returns the script's reply: numbers, strings, null and arrays of them */
  run(redis: Redis, prefix: string, ...values: readonly (string | number)[]): Promise<unknown> {
    return reachRedis(async () => {
      try {
        return await redis.evalsha(this.#digest, 1, prefix, ...values);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(this.#source, 1, prefix, ...values);
      }
    });
  }
}
