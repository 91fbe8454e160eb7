import type { IncomingHttpHeaders } from 'node:http';
import type { Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Telemetry } from 'bullmq';

type Attributes = Readonly<Record<string, string | number | boolean>>;

/** What a piece of work says of itself while it is traced. */
export interface TracedWork {
  set(attributes: Attributes): void;
  /** The work ends badly. */
  fail(error: unknown): void;
}

/**
 * Spans of one process, from the request through the queue to the stored file. What is under way is known by its asynchronous context;
 * the queue carries it from API to worker.
 */
export interface Tracing {
  /** For queues and workers of BullMQ; null when nothing is traced. */
  readonly telemetry: Telemetry | null;
  /** Does a piece of work in a span of its own; an error that it ends with is noted there. */
  span<Result>(name: string, attributes: Attributes, work: (span: TracedWork) => Promise<Result>): Promise<Result>;
  /** Answers a request in a span that goes on with the client's trace (`traceparent`); the work itself tells which errors are its fault. */
  serve<Result>(
    name: string,
    attributes: Attributes,
    headers: IncomingHttpHeaders,
    work: (span: TracedWork) => Promise<Result>,
  ): Promise<Result>;
  /** Id of the trace that is under way, for logs. */
  traceId(): string | undefined;
  /** Sends what has not been sent yet. */
  close(): Promise<void>;
}

const silent: TracedWork = { set: () => undefined, fail: () => undefined };

/** Costs nothing. */
export const noTracing: Tracing = {
  telemetry: null,
  span: (_name, _attributes, work) => work(silent),
  serve: (_name, _attributes, _headers, work) => work(silent),
  traceId: () => undefined,
  close: async () => undefined,
};

// The enumerations themselves would load the library.
const failed: SpanStatusCode.ERROR = 2;
const server: SpanKind.SERVER = 1;

/**
 * Traces to a collector as OTLP over HTTP in JSON. The other variables of OpenTelemetry count too: service name, resource attributes, headers, sampler,
 * batches. There can be one in a process.
 * @param endpoint OTEL_EXPORTER_OTLP_ENDPOINT, to which `/v1/traces` is added; without, nothing is loaded
 * @param serviceName unless OTEL_SERVICE_NAME says otherwise
 */
export async function openTracing(endpoint: string | undefined, serviceName: string): Promise<Tracing> {
  if (!endpoint || process.env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return noTracing;
  const [{ context, propagation, trace }, { BatchSpanProcessor, NodeTracerProvider }, exporter, resources, bullmq] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('bullmq-otel'),
    ]);
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } = resources;
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': serviceName }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor(new exporter.OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` })),
    ],
  });
  provider.register();
  const tracer = provider.getTracer('musistrata-render');
  const traced = (span: Span): TracedWork => ({
    set: (attributes) => span.setAttributes(attributes),
    fail: (error) => {
      const { message } = error instanceof Error ? error : new Error(String(error));
      span.recordException(error instanceof Error ? error : message);
      span.setStatus({ code: failed, message });
    },
  });
  return {
    telemetry: new bullmq.BullMQOtel({ tracerName: 'musistrata-render' }),
    span: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes }, async (span) => {
        const own = traced(span);
        try {
          return await work(own);
        } catch (error) {
          own.fail(error);
          throw error;
        } finally {
          span.end();
        }
      }),
    serve: (name, attributes, headers, work) => {
      const parent = propagation.extract(context.active(), headers);
      return tracer.startActiveSpan(name, { attributes, kind: server }, parent, async (span) => {
        try {
          return await work(traced(span));
        } finally {
          span.end();
        }
      });
    },
    traceId: () => trace.getSpanContext(context.active())?.traceId,
    // A collector that is away must not keep the process from ending.
    close: () => provider.shutdown().catch(() => undefined),
  };
}
