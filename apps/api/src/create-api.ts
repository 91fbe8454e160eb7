import { setMaxListeners } from 'node:events';
import { openBlobStore, readStorageUrl } from '@musistrata/blob-store';
import { engineVersion } from '@musistrata/render-core';
import { AddressGuard, openTracing, RenderDesk } from '@musistrata/render-queue';
import { pino } from 'pino';
import { createApp } from './app.js';
import { KeyRing } from './auth/api-keys.js';
import { RateLimits } from './auth/rate-limits.js';
import { SignedLinks } from './auth/signed-links.js';
import { type ApiConfig, catalogueConfig, isLoopback } from './config.js';
import { DemoRender } from './demo/demo-render.js';
import { scoreLimits } from './intake/score-limits.js';
import { Metrics } from './metrics.js';
import { openApiDocument } from './openapi/document.js';
import { mediaOrigin } from './pages/media-origin.js';
import { makePages } from './pages/pages.js';
import { allRoutes } from './routes/all-routes.js';
import { ScoreReader } from './scores/score-reader.js';
import { createHttpServer, drain, listen } from './server.js';
import type { Service } from './service.js';
import { Sounds } from './sounds/sounds.js';

const keyFileSeconds = 5;

/** A running API. */
export interface Api {
  /** Starts to listen; tells the root of its addresses. */
  listen(): Promise<string>;
  /** Takes no more requests, finishes those in progress up to the deadline of the configuration, and lets go of everything. */
  close(): Promise<void>;
}

/**
 * Makes an API from its settings: connects to Redis, opens the storage, reads the keys.
 * @throws when Redis does not answer within 10 s, or when the list of keys has mistakes.
 */
export async function createApi(config: ApiConfig): Promise<Api> {
  const log = pino({ level: config.LOG_LEVEL, base: { service: 'api' } });
  const keys = await KeyRing.open(config.API_KEYS, config.API_KEYS_FILE);
  const sounds = await Sounds.open(catalogueConfig(config), (fault) =>
    log.error({ err: fault }, 'The instruments have changed to what cannot be used; those of before stay'),
  );
  const store = await openBlobStore(readStorageUrl(config.STORAGE_URL, config.DATA_DIR));
  const tracing = await openTracing(config.OTEL_EXPORTER_OTLP_ENDPOINT, 'musistrata-api');
  const desk = await RenderDesk.open({
    tracing,
    redisUrl: config.REDIS_URL,
    store,
    engineVersion: engineVersion(),
    name: config.QUEUE_PREFIX,
    maxQueued: config.QUEUE_LIMIT,
    ttlSeconds: config.RENDER_TTL_SECONDS === 0 ? null : config.RENDER_TTL_SECONDS,
    goneSeconds: config.GONE_SECONDS,
    tenantMaxUnfinished: config.authenticated ? config.UNFINISHED_PER_KEY : 0,
    onFault: (fault, where) => log.warn({ err: fault, where }, 'The queue has a fault'),
  });
  const stopping = new AbortController();
  // Every request that waits listens to it.
  setMaxListeners(0, stopping.signal);
  const metrics = new Metrics();
  metrics.observeQueue(() => desk.capacity());
  const reader = new ScoreReader(sounds, {
    threads: config.READER_THREADS,
    seconds: config.READER_SECONDS,
    megabytes: config.READER_MEGABYTES,
  });
  const document = openApiDocument(allRoutes, config.PUBLIC_URL);
  const limited = config.authenticated || !isLoopback(config.HOST);
  const service: Service = {
    config,
    log,
    desk,
    tracing,
    reader,
    sounds,
    demo: new DemoRender(desk, reader, scoreLimits(config)),
    webhookGuard: new AddressGuard(config.WEBHOOK_ALLOWED_ADDRESSES),
    keys,
    links: new SignedLinks(config.LINK_SECRETS, config.LINK_SECONDS),
    rateLimits: limited ? new RateLimits(desk.redis, config.QUEUE_PREFIX, config.REQUESTS_PER_MINUTE) : null,
    metrics,
    document,
    pages: await makePages(document, await mediaOrigin(store, config.AUDIO_REDIRECT)),
    closing: stopping.signal,
  };
  if (!config.authenticated)
    log.warn(
      { host: config.HOST },
      isLoopback(config.HOST)
        ? 'No API keys: everybody on this machine may do everything. Set API_KEYS or API_KEYS_FILE to change that.'
        : 'No API keys, and the address can be reached from outside: EVERYBODY may submit and read renders.',
    );
  else if (keys.size === 0) log.warn('The list of API keys is empty: nobody can do anything.');

  const keyTimer = setInterval(() => {
    keys
      .refresh()
      .catch((error: unknown) => log.error({ err: error }, 'The API keys could not be read again; the old ones stay'));
  }, keyFileSeconds * 1000).unref();
  const server = createHttpServer(createApp(service));
  let closed: Promise<void> | null = null;
  return {
    async listen() {
      const { address, port, family } = await listen(server, config.PORT, config.HOST);
      const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
      log.info({ url }, 'listening');
      return url;
    },
    close() {
      closed ??= (async () => {
        clearInterval(keyTimer);
        stopping.abort();
        await drain(server, config.SHUTDOWN_SECONDS);
        await Promise.all([reader.close(), desk.close()]);
        await tracing.close();
        metrics.registry.clear();
        log.info('stopped');
      })();
      return closed;
    },
  };
}
