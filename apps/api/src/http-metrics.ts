import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Counts and times of HTTP requests, with the process's own figures; labels are bounded: route patterns, never paths. */
export class HttpMetrics {
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

  answered(method: string, route: string, status: number, seconds: number, bytes: number): void {
    this.#seconds.observe({ method, route, status }, seconds);
    if (bytes > 0) this.#bytes.inc({ route }, bytes);
  }

  refused(code: string): void {
    this.#problems.inc({ code });
  }
}
