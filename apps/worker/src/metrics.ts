import type { StationEvent } from '@musistrata/render-queue';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** What Prometheus reads of a worker. Label values are bounded: outcomes and codes of our own, never what clients send. */
export class WorkerMetrics {
  readonly registry = new Registry();
  readonly #wait = new Histogram({
    name: 'musistrata_render_wait_seconds',
    help: 'Time from enqueueing to the first start.',
    buckets: seconds,
    registers: [this.registry],
  });
  readonly #time = new Histogram({
    name: 'musistrata_render_seconds',
    help: 'Time from the start of an attempt to its end, publication included.',
    labelNames: ['outcome'],
    buckets: seconds,
    registers: [this.registry],
  });
  readonly #factor = new Histogram({
    name: 'musistrata_render_realtime_factor',
    help: 'Seconds of audio made per second of work, of attempts that succeeded.',
    buckets: [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000],
    registers: [this.registry],
  });
  readonly #audio = new Counter({
    name: 'musistrata_rendered_audio_seconds_total',
    help: 'Seconds of audio made.',
    registers: [this.registry],
  });
  readonly #bytes = new Counter({
    name: 'musistrata_published_bytes_total',
    help: 'Bytes of files published.',
    registers: [this.registry],
  });
  readonly #failures = new Counter({
    name: 'musistrata_render_failures_total',
    help: 'Attempts that ended with a problem, by outcome and code.',
    labelNames: ['outcome', 'code'],
    registers: [this.registry],
  });
  readonly #deliveries = new Counter({
    name: 'musistrata_webhook_attempts_total',
    help: 'Attempts to tell a webhook.',
    labelNames: ['event', 'delivered'],
    registers: [this.registry],
  });
  readonly #upkeep = new Counter({
    name: 'musistrata_upkeep_total',
    help: 'What the caretaker of this worker mended or deleted.',
    labelNames: ['work'],
    registers: [this.registry],
  });
  readonly #faults = new Counter({
    name: 'musistrata_faults_total',
    help: 'Faults that were survived, by place: Redis, storage, listeners.',
    labelNames: ['where'],
    registers: [this.registry],
  });

  /** @param running asked at every scrape */
  constructor(slots: number, running: () => number) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'musistrata_worker_slots',
      help: 'Renders that this worker does at once.',
      registers: [this.registry],
    }).set(slots);
    new Gauge({
      name: 'musistrata_worker_running',
      help: 'Renders under way.',
      registers: [this.registry],
      collect() {
        this.set(running());
      },
    });
  }

  station(event: StationEvent): void {
    if (event.kind === 'started') {
      if (event.waitedSeconds !== null) this.#wait.observe(event.waitedSeconds);
      return;
    }
    this.#time.observe({ outcome: event.outcome }, event.renderSeconds);
    if (event.code !== null) this.#failures.inc({ outcome: event.outcome, code: event.code });
    if (event.outcome !== 'succeeded') return;
    this.#factor.observe(event.audioSeconds / Math.max(0.001, event.renderSeconds));
    this.#audio.inc(event.audioSeconds);
    this.#bytes.inc(event.bytes);
  }

  delivery(event: string, delivered: boolean): void {
    this.#deliveries.inc({ event, delivered: String(delivered) });
  }

  upkeep(done: Readonly<Record<string, number>>): void {
    for (const [work, count] of Object.entries(done)) if (count > 0) this.#upkeep.inc({ work }, count);
  }

  /** @param where as the queue names it; what follows a first word (an id) is left out */
  fault(where: string): void {
    this.#faults.inc({ where: where.split(' ')[0] ?? '' });
  }
}
