import { FolderBlobStore, openBlobStore } from '@musistrata/blob-store';
import { engineVersion } from '@musistrata/render-core';
import {
  openTracing,
  RenderCaretaker,
  RenderStation,
  type StationEvent,
  WebhookSender,
} from '@musistrata/render-queue';
import { type Logger, pino } from 'pino';
import { CataloguePools } from './catalogue-pools.js';
import type { WorkerConfig } from './config.js';
import { coreRunner } from './core-runner.js';
import { HealthServer } from './health-server.js';
import { WorkerMetrics } from './metrics.js';

/** A running worker. */
export interface RenderWorker {
  /** Of health and metrics. */
  readonly healthPort: number;
  /** Takes no more jobs, finishes those under way up to the deadline of the configuration, hands the rest over, and lets go of everything. */
  close(): Promise<void>;
}

/**
 * Makes a worker from its settings and lets it take jobs.
 * @throws when Redis does not answer within 30 s, the storage cannot be used, or the catalogue cannot be opened
 */
export async function createWorker(config: WorkerConfig): Promise<RenderWorker> {
  const log = pino({ level: config.LOG_LEVEL, base: { service: 'worker', pid: process.pid } });
  const opened: { close(): Promise<unknown> }[] = [];
  const closeAll = async () => {
    for (const thing of opened.reverse()) await thing.close();
  };
  let station: RenderStation | null = null;
  const metrics = new WorkerMetrics(config.WORKER_CONCURRENCY, () => station?.running ?? 0);
  const onFault = (fault: unknown, where: string) => {
    metrics.fault(where);
    log.warn({ err: fault, where }, 'A fault was survived');
  };
  try {
    const tracing = await openTracing(config.OTEL_EXPORTER_OTLP_ENDPOINT, 'musistrata-worker');
    opened.push(tracing);
    const store = await openBlobStore(config.storage);
    await store.check();
    if (store instanceof FolderBlobStore) await store.sweepIncoming();
    const pools = new CataloguePools(config.catalogue, config.WORKER_CONCURRENCY, config.THREAD_MEGABYTES, () =>
      log.info('The instruments have changed; new render threads were started'),
    );
    opened.push(pools);
    await pools.ready();
    const common = {
      redisUrl: config.REDIS_URL,
      name: config.QUEUE_PREFIX,
      store,
      onFault,
      engineVersion: engineVersion(),
    };
    const health = await HealthServer.open(config.HEALTH_HOST, config.HEALTH_PORT, metrics.registry, async () => {
      const storage = await store.check().then(
        () => true,
        () => false,
      );
      return [...(station?.ready ? [] : ['redis']), ...(storage ? [] : ['storage'])];
    });
    opened.push(health);
    const sender = await WebhookSender.open({
      ...common,
      tracing,
      secrets: config.WEBHOOK_SECRETS,
      allowedAddresses: config.WEBHOOK_ALLOWED_ADDRESSES,
      publicUrl: config.PUBLIC_URL?.replace(/\/+$/, '') ?? '',
      onDelivery: ({ renderId, ...delivery }) => {
        metrics.delivery(delivery.event, delivery.delivered);
        log.info({ renderId, ...delivery }, 'Webhook');
      },
    });
    opened.push(sender);
    const caretaker = await RenderCaretaker.open({
      ...common,
      adoptSeconds: config.ADOPT_SECONDS,
      recoverySeconds: config.RECOVERY_SECONDS,
      sweepSeconds: config.SWEEP_SECONDS,
      maxStoredBytes: config.MAX_STORED_BYTES,
      goneSeconds: config.GONE_SECONDS,
      onWork: (done) => {
        metrics.upkeep(done);
        log.info(done, 'Upkeep');
      },
    });
    opened.push(caretaker);
    const limits = {
      maxBytes: config.MAX_BODY_BYTES,
      maxInflatedBytes: config.MAX_BODY_BYTES,
      maxParts: config.MAX_PARTS,
      maxNotes: config.MAX_NOTES,
      maxDurationSeconds: config.MAX_DURATION_SECONDS,
    };
    station = await RenderStation.open({
      ...common,
      tracing,
      runner: coreRunner(pools, limits, config.RENDER_SECONDS),
      slots: config.WORKER_CONCURRENCY,
      workFolder: config.workFolder,
      tenantConcurrency: config.TENANT_CONCURRENCY,
      lockSeconds: config.LOCK_SECONDS,
      stalledCheckSeconds: config.STALLED_CHECK_SECONDS,
      maxStalls: config.MAX_STALLS,
      goneSeconds: config.GONE_SECONDS,
      onEvent: (event) => {
        metrics.station(event);
        logEvent(log, event);
      },
    });
    const running = station;
    opened.push({ close: () => running.close(config.SHUTDOWN_SECONDS) });
    log.info(
      { slots: config.WORKER_CONCURRENCY, storage: store.kind, healthPort: health.port },
      'The worker takes jobs',
    );
    let closed: Promise<void> | null = null;
    return {
      healthPort: health.port,
      close: () => {
        if (!closed) {
          log.info({ running: running.running, seconds: config.SHUTDOWN_SECONDS }, 'Stopping');
          closed = closeAll().then(() => log.info('Stopped'));
        }
        return closed;
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function logEvent(log: Logger, event: StationEvent): void {
  if (event.kind === 'started') {
    const { kind, ...facts } = event;
    log.info(facts, 'Render started');
    return;
  }
  const { kind, error, ...facts } = event;
  if (event.outcome === 'failed') log.error({ ...facts, err: error }, 'Render failed');
  else if (event.outcome === 'retried') log.warn({ ...facts, err: error }, 'Render will be tried again');
  else log.info(facts, 'Render ended');
}
