import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freePort } from '@musistrata/standalone/redis';
import { ask, song } from '../api/start-api.js';
import { useTestRedis } from '../redis/test-redis.js';
import { until } from '../render-queue/harness/installation.js';
import { Service } from './service.js';

/** As OTLP has them in JSON (opentelemetry-proto, trace.proto). */
interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly status?: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
  readonly service: string;
}

interface OtlpExport {
  readonly resourceSpans: readonly {
    readonly resource: Pick<OtlpSpan, 'attributes'>;
    readonly scopeSpans: readonly { readonly spans: readonly Omit<OtlpSpan, 'service'>[] }[];
  }[];
}

const redis = useTestRedis('tracing');
const spans: OtlpSpan[] = [];
/** What the receiver of webhooks answers, in turn; 204 from then on. */
const hookAnswers: number[] = [];
let collector: Server;
let folder: string;
let url: string;

const attribute = ({ attributes }: Pick<OtlpSpan, 'attributes'>, key: string) =>
  Object.values(attributes.find((one) => one.key === key)?.value ?? {})[0];

beforeAll(async () => {
  collector = createServer(async (request, response) => {
    const { resourceSpans = [] } = JSON.parse(await text(request)) as Partial<OtlpExport>;
    if (request.url === '/v1/traces')
      for (const { resource, scopeSpans } of resourceSpans)
        for (const scope of scopeSpans)
          for (const span of scope.spans) spans.push({ ...span, service: String(attribute(resource, 'service.name')) });
    const status = request.url?.startsWith('/hook') ? (hookAnswers.shift() ?? 204) : 200;
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(status === 204 ? undefined : '{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(join(tmpdir(), 'tracing-'));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const common = {
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.name,
    DATA_DIR: folder,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  };
  const worker = new Service('worker', {
    ...common,
    WORKER_CONCURRENCY: '1',
    WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1',
  });
  redis.closing({ close: () => worker.stop() });
  const api = new Service('api', { ...common, PORT: `${port}`, WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1' });
  redis.closing({ close: () => api.stop() });
  await Promise.all([worker.logged('The worker takes jobs'), api.logged('listening')]);
}, 60_000);

afterAll(async () => {
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

test("one trace goes from the client's own through API and queue to the stored file", async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const { status, body } = await ask(`${url}/v1/renders`, {
    method: 'POST',
    body: song(),
    headers: {
      'Content-Type': 'application/json',
      Prefer: 'wait=60',
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    },
  });
  expect([status, body.status]).toEqual([201, 'succeeded']);
  const named = (name: string) => spans.find((span) => span.name === name && span.traceId === traceId);
  const names = ['POST /v1/renders', 'parse', 'enqueue', 'render', 'publish'];
  await until(
    async () => names.filter((name) => named(name) === undefined),
    (missing) => missing.length === 0,
  );
  expect(names.map((name) => named(name)?.service)).toEqual([
    'musistrata-api',
    'musistrata-api',
    'musistrata-api',
    'musistrata-worker',
    'musistrata-worker',
  ]);
  const [request, parse, enqueue, render, publish] = names.map((name) => named(name)!);
  expect(request!.parentSpanId).toBe('00f067aa0ba902b7');
  expect(attribute(request!, 'http.response.status_code')).toBe(201);
  expect([parse!.parentSpanId, enqueue!.parentSpanId]).toEqual([request!.spanId, request!.spanId]);
  expect(attribute(render!, 'score.format')).toBe('musistrata');
  expect(attribute(render!, 'render.id')).toBe(body.id);
  expect(attribute(render!, 'audio.duration_seconds')).toBe(
    (body.audio as { durationSeconds: number }).durationSeconds,
  );
  expect(attribute(render!, 'render.peak_voices')).toBeGreaterThan(0);
  expect(attribute(render!, 'render.realtime_factor')).toBeGreaterThan(0);
  expect(attribute(publish!, 'published.bytes')).toBeGreaterThan((body.audio as { bytes: number }).bytes - 1);
}, 90_000);

test('every attempt to tell a webhook belongs to the trace of its render, and says nothing of its address', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  hookAnswers.push(503);
  const webhook = {
    url: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/hook?token=hunter2`,
    events: ['render.succeeded'],
  };
  const { status, body } = await ask(`${url}/v1/renders`, {
    method: 'POST',
    body: JSON.stringify({ score: JSON.parse(song(99)), webhook }),
    headers: {
      'Content-Type': 'application/json',
      Prefer: 'wait=60',
      traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
    },
  });
  expect([status, body.status]).toEqual([201, 'succeeded']);
  // The second attempt comes after five seconds.
  const attempts = await until(
    async () => spans.filter((span) => span.name === 'webhook' && span.traceId === traceId),
    (found) => found.length >= 2,
    30,
  );
  const failed = 2;
  expect(
    attempts.map((span) => ({
      attempt: attribute(span, 'webhook.attempt'),
      status: attribute(span, 'http.response.status_code'),
      event: attribute(span, 'webhook.event'),
      render: attribute(span, 'render.id'),
      failed: span.status?.code === failed,
    })),
  ).toEqual([
    { attempt: 1, status: 503, event: 'render.succeeded', render: body.id, failed: true },
    { attempt: 2, status: 204, event: 'render.succeeded', render: body.id, failed: false },
  ]);
  expect(JSON.stringify(spans)).not.toContain('hunter2');
}, 90_000);
