import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { RedisScript } from '../redis/redis-script.js';

const renew = new RedisScript(`
local key, me, lease = KEYS[1] .. ':leader', ARGV[1], ARGV[2]
local leader = redis.call('GET', key)
if leader and leader ~= me then return 0 end
redis.call('SET', key, me, 'PX', lease)
return leader and 2 or 1
`);

const resign = new RedisScript(`
if redis.call('GET', KEYS[1] .. ':leader') == ARGV[1] then redis.call('DEL', KEYS[1] .. ':leader') end
return 1
`);

/**
 * A lease in Redis: of all processes that could do the upkeep, one does. Two leaders for a moment (a process that slept through its lease)
 * do double work but no harm: everything that they do may be done twice.
 */
export class Leadership {
  readonly #me = randomBytes(8).toString('hex');

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly leaseSeconds: number,
  ) {}

  /** MUST be called more often than the lease is long. @returns `new` when it has just become ours, which is also after Redis lost its data */
  async hold(): Promise<'new' | 'kept' | 'other'> {
    const reply = await renew.run(this.redis, this.prefix, this.#me, this.leaseSeconds * 1000);
    return reply === 1 ? 'new' : reply === 2 ? 'kept' : 'other';
  }

  async resign(): Promise<void> {
    await resign.run(this.redis, this.prefix, this.#me);
  }
}
