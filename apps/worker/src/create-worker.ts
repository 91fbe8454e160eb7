import { join, resolve } from 'node:path';
import { openBlobStore } from '@musistrata/blob-store';
import { RenderPool, type ScoreLimits, standardCatalogue } from '@musistrata/render-core';
import { RenderCaretaker, RenderStation, WebhookSender } from '@musistrata/render-queue';
import { pino } from 'pino';
import type { WorkerConfig } from './config.js';
import { startHealthServer } from './health-server.js';
import { renderRunner } from './render-runner.js';

/** A running worker. */
export interface RenderWorker {
  readonly healthPort: number;
  /** Takes no more jobs, finishes or hands over those under way, and lets go of everything. */
  close(): Promise<void>;
}

/**
 * Makes a worker from its settings: opens storage and instruments, connects to Redis and starts taking jobs.
 * @throws when Redis does not answer or an instrument of the catalogue cannot be used
 */
export async function createWorker(config: WorkerConfig): Promise<RenderWorker> {
  const log = pino({ level: config.LOG_LEVEL, base: { service: 'worker', pid: process.pid } });
  const onFault = (fault: unknown, where: string) => log.warn({ err: fault, where }, 'The queue has a fault');
  const dataFolder = resolve(config.DATA_DIR);
  const store = await openBlobStore({ kind: 'folder', folder: dataFolder });
  const pool = new RenderPool({
    threads: config.WORKER_CONCURRENCY,
    heapMiB: config.THREAD_MEGABYTES,
    catalogue: standardCatalogue({
      soundFontFolder: config.SOUNDFONT_DIR,
      instrumentFolder: config.INSTRUMENT_DIR,
      defaultSoundFont: config.DEFAULT_SOUNDFONT,
      catalogueFiles: config.CATALOGUE_FILES,
    }),
  });
  const queue = { redisUrl: config.REDIS_URL, name: config.QUEUE_PREFIX, store, onFault };
  await pool.ready();
  const station = await RenderStation.open({
    ...queue,
    runner: renderRunner(pool, scoreLimits(config)),
    slots: config.WORKER_CONCURRENCY,
    workFolder: join(dataFolder, 'work'),
    tenantConcurrency: config.TENANT_CONCURRENCY,
    onEvent: ({ error, ...event }: { readonly kind: string; readonly error?: unknown }) =>
      log.info({ ...event, ...(error instanceof Error && { err: error }) }, `render ${event.kind}`),
  });
  const caretaker = await RenderCaretaker.open({
    ...queue,
    ...(config.MAX_STORED_BYTES > 0 && { maxStoredBytes: config.MAX_STORED_BYTES }),
    onWork: (done) => log.info(done, 'took care of the queue'),
  });
  const webhooks = await WebhookSender.open({
    ...queue,
    secrets: config.WEBHOOK_SECRETS,
    allowedAddresses: config.WEBHOOK_ALLOWED_ADDRESSES,
    ...(config.PUBLIC_URL !== undefined && { publicUrl: config.PUBLIC_URL }),
    onDelivery: (delivery) => log.info(delivery, 'webhook'),
  });
  const health = await startHealthServer(config.HEALTH_HOST, config.HEALTH_PORT, {
    async missing() {
      const storage = await store.check().then(
        () => true,
        () => false,
      );
      return [station.ready ? null : 'redis', storage ? null : 'storage'].filter((name) => name !== null);
    },
  });
  log.info({ concurrency: config.WORKER_CONCURRENCY, healthPort: health.port }, 'taking jobs');
  let closed: Promise<void> | null = null;
  return {
    healthPort: health.port,
    close() {
      closed ??= (async () => {
        await station.close(config.SHUTDOWN_SECONDS);
        await Promise.all([caretaker.close(), webhooks.close(), pool.close()]);
        await new Promise((done) => health.server.close(done));
        log.info('stopped');
      })();
      return closed;
    },
  };
}

function scoreLimits(config: WorkerConfig): Partial<ScoreLimits> {
  return {
    maxBytes: config.MAX_BODY_BYTES,
    maxParts: config.MAX_PARTS,
    maxNotes: config.MAX_NOTES,
    maxDurationSeconds: config.MAX_DURATION_SECONDS,
  };
}
