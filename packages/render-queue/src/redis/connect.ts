import { Redis } from 'ioredis';

/** Told about every fault that is survived; MUST be given, because an `error` event nobody listens to ends a process. */
export type FaultListener = (fault: unknown, where: string) => void;

/**
 * @param role `request`: fails within seconds when Redis is away, so that a client gets an answer. `patient`: blocking reads and subscriptions,
 * which wait for Redis to come back.
 */
export function connectRedis(
  url: string,
  /** The prefix: names the connection, so that CLIENT LIST tells whose it is. */
  name: string,
  role: 'request' | 'patient',
  onFault: FaultListener,
): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectionName: name,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 5), 1000),
    ...(role === 'request'
      ? { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 10_000 }
      : { maxRetriesPerRequest: null }),
  });
  redis.on('error', (error) => onFault(error, 'redis'));
  return redis;
}

/** Connects, waiting for Redis for at most so many seconds: at start it may still be reading its file. */
export async function reachWithin(redis: Redis, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  if (redis.status === 'wait') await redis.connect().catch(() => undefined);
  for (;;) {
    try {
      if (redis.status === 'ready') {
        await redis.ping();
        return;
      }
      if (Date.now() > deadline) throw new Error(`Redis does not answer (${redis.status})`);
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
