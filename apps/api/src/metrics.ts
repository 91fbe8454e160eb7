import type { Capacity } from '@musistrata/render-queue';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Counts and times of HTTP requests, the state of the queue, and the process's own figures; labels are bounded: route patterns, never paths. */
export class Metrics {
  readonly registry = new Registry();
  readonly #seconds: Histogram<'method' | 'route' | 'status'>;
  readonly #bytes: Counter<'route'>;
  readonly #problems: Counter<'code'>;
  readonly inFlight: Gauge;
  readonly watchers: Gauge;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#seconds = new Histogram({
      name: 'musistrata_http_request_seconds',
      help: 'Time from the request line to the end of the answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 120],
      registers,
    });
    this.#bytes = new Counter({
      name: 'musistrata_http_sent_bytes_total',
      help: 'Bytes of answers that were sent whole.',
      labelNames: ['route'],
      registers,
    });
    this.#problems = new Counter({
      name: 'musistrata_http_problems_total',
      help: 'Refusals by their code.',
      labelNames: ['code'],
      registers,
    });
    this.inFlight = new Gauge({ name: 'musistrata_http_in_flight', help: 'Requests being answered.', registers });
    this.watchers = new Gauge({ name: 'musistrata_event_streams', help: 'Open event streams.', registers });
  }

  /** Shows the queue as it is whenever the figures are asked for. */
  observeQueue(capacity: () => Promise<Capacity>): void {
    const gauge = (name: string, help: string) =>
      new Gauge({ name: `musistrata_queue_${name}`, help, registers: [this.registry] });
    const up = gauge('up', '1 while Redis answers.');
    const stations = gauge('stations', 'Worker processes alive.');
    const slots = gauge('slots', 'Renders that all workers run at once.');
    const waiting = gauge('waiting_jobs', 'Distinct jobs waiting.');
    const stranded = gauge(
      'stranded_jobs',
      'Jobs waiting that no living worker may take: it has another engine version.',
    );
    const backlog = gauge('backlog_seconds', 'Seconds of audio that wait.');
    const factor = gauge('real_time_factor', 'Seconds of audio per second and slot.');
    const stored = gauge('stored_bytes', 'Bytes of all stored outputs.');
    new Gauge({
      name: 'musistrata_queue_renders',
      help: 'Renders by status.',
      labelNames: ['status'],
      registers: [this.registry],
      async collect() {
        const now = await capacity().catch(() => null);
        up.set(now === null ? 0 : 1);
        if (now === null) return;
        for (const [status, count] of Object.entries(now.renders)) this.set({ status }, count);
        stations.set(now.stations);
        slots.set(now.slots);
        waiting.set(now.waiting);
        stranded.set(now.stranded);
        backlog.set(now.backlogSeconds);
        factor.set(now.realTimeFactor ?? 0);
        stored.set(now.storedBytes);
      },
    });
  }

  answered(method: string, route: string, status: number, seconds: number, bytes: number): void {
    this.#seconds.observe({ method, route, status }, seconds);
    if (bytes > 0) this.#bytes.inc({ route }, bytes);
  }

  refused(code: string): void {
    this.#problems.inc({ code });
  }
}
