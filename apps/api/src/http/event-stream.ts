import type { ServerResponse } from 'node:http';

const heartbeatSeconds = 15;
/** A watcher that lets this much pile up is not listening: it is cut off and may come back. */
const mostBehindBytes = 1024 * 1024;

/** One event as it goes over the wire (HTML Living Standard section 9.2). */
export function eventFrame(event: string, data: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** An answer that goes on: Server-Sent Events with heartbeats, so that neither side takes silence for death. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(response: ServerResponse, retryMilliseconds: number) {
    this.#response = response;
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    response.setHeader('Cache-Control', 'no-store');
    // Proxies that gather answers would hold events back.
    response.setHeader('X-Accel-Buffering', 'no');
    response.writeHead(200);
    response.write(`retry: ${retryMilliseconds}\n\n`);
    this.#heartbeat = setInterval(() => this.send(': \n\n'), heartbeatSeconds * 1000);
    response.once('close', () => clearInterval(this.#heartbeat));
  }

  /** The client reads slower than events come. */
  get behind(): boolean {
    return this.#response.writableNeedDrain;
  }

  send(frame: string): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    this.#response.write(frame);
    if (this.#response.writableLength > mostBehindBytes) this.#response.destroy();
  }

  end(): void {
    clearInterval(this.#heartbeat);
    if (!this.#response.writableEnded) this.#response.end();
  }
}
