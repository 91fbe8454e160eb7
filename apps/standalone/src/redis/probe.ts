import { Redis } from 'ioredis';

/** What a running server says of itself. */
export interface ServerFacts {
  /** redis or valkey. */
  readonly name: string;
  readonly version: string;
  readonly pid: number;
  /** Its working folder; null when it does not tell. */
  readonly folder: string | null;
}

/** Asks a server who it is, waiting until it has read its file. @throws when it does not answer in time */
export async function probeRedis(url: string, timeoutSeconds: number): Promise<ServerFacts> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: 2000,
    disconnectTimeout: 100,
    retryStrategy: () => 50,
  });
  let lastFault: unknown = new Error('no answer');
  redis.on('error', (error) => {
    lastFault = error;
  });
  const timeout = new Promise<never>((_, reject) => {
    setTimeout(() => reject(lastFault), timeoutSeconds * 1000).unref();
  });
  try {
    return await Promise.race([facts(redis), timeout]);
  } finally {
    redis.disconnect();
  }
}

async function facts(redis: Redis): Promise<ServerFacts> {
  const info = await redis.info('server');
  const field = (name: string): string | undefined => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const valkey = field('valkey_version');
  let folder: string | null = null;
  try {
    const reply: unknown = await redis.call('CONFIG', 'GET', 'dir');
    if (Array.isArray(reply) && typeof reply[1] === 'string') folder = reply[1];
  } catch {
    // Managed servers forbid CONFIG.
  }
  return {
    name: valkey ? 'valkey' : 'redis',
    version: valkey ?? field('redis_version') ?? 'unknown',
    pid: Number(field('process_id') ?? 0),
    folder,
  };
}

/** Asks a server to write everything and end. */
export async function shutDown(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, disconnectTimeout: 100 });
  redis.on('error', () => undefined);
  try {
    await redis.call('SHUTDOWN', 'NOSAVE');
  } catch {
    // It answers by closing the connection.
  } finally {
    redis.disconnect();
  }
}
