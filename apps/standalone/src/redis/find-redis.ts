import { join } from 'node:path';
import { findEmbeddedRedis, startEmbeddedRedis } from './embedded-redis.js';
import { probeRedis } from './probe.js';
import { findRedisServer, startRedisServer } from './redis-server.js';
import { NoRedisError, type RunningRedis } from './running-redis.js';

const howToInstall = `No Redis was found and none could be started. Any of these helps:
  apt install redis-server     (Debian, Ubuntu; or valkey-server)
  brew install redis           (macOS; or valkey)
  docker run -p 6379:6379 redis:7.2-alpine   and   REDIS_URL=redis://localhost:6379
REDIS_URL names a running server, REDIS_SERVER_BIN the program of one.`;

/**
 * Finds or starts a Redis: REDIS_URL, a server of this machine with its file below the data folder, the embedded one.
 * @throws NoRedisError, FolderInUseError
 */
export async function findRedis(env: NodeJS.ProcessEnv, dataFolder: string): Promise<RunningRedis> {
  if (env.REDIS_URL) return useRedisUrl(env.REDIS_URL);
  const server = await findRedisServer(env);
  if (server) return startRedisServer(server, join(dataFolder, 'redis'));
  const embedded = findEmbeddedRedis();
  if (!embedded) throw new NoRedisError(howToInstall);
  try {
    const running = await startEmbeddedRedis(embedded);
    return { ...running, description: `${running.description} (no redis-server or valkey-server on PATH)` };
  } catch (error) {
    throw new NoRedisError(`${howToInstall}\nThe embedded server does not run here: ${String(error)}`, {
      cause: error,
    });
  }
}

/** A server that somebody else runs. @throws NoRedisError when it does not answer */
export async function useRedisUrl(url: string): Promise<RunningRedis> {
  try {
    const facts = await probeRedis(url, 15);
    return {
      url,
      backend: 'url',
      pid: null,
      description: `${facts.name} ${facts.version} at REDIS_URL`,
      durable: true,
      ended: new Promise(() => undefined),
      stop: async () => undefined,
    };
  } catch (error) {
    throw new NoRedisError(`REDIS_URL is set, but nothing answers there: ${String(error)}`, { cause: error });
  }
}
