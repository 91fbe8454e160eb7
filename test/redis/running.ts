import type { chooseRedis } from './choose-redis.js';

declare global {
  var musistrataTestRedis: Awaited<ReturnType<typeof chooseRedis>> | undefined;
}

/** Set-up and teardown run in one process but load their modules apart: only the global object is shared. */
export const running = {
  get redis() {
    return globalThis.musistrataTestRedis;
  },
  set redis(redis) {
    globalThis.musistrataTestRedis = redis;
  },
};
