import type { Redis } from 'ioredis';
import type { FaultListener } from '../redis/connect.js';

/** Something changed for some renders; what exactly is read from the index. */
export interface FeedEvent {
  /** Stream id: grows with time, `<milliseconds>-<n>`. */
  readonly id: string;
  readonly kind: 'status' | 'progress';
  readonly renders: readonly string[];
}

/** Reads the stream of changes: one blocking connection for a whole process, however many watch. */
export class RenderFeed {
  readonly #key: string;
  #last = '0-0';
  #running = true;
  #done: Promise<void> = Promise.resolve();

  constructor(
    /** For blocking reads; used by nobody else. */
    private readonly redis: Redis,
    prefix: string,
    private readonly onEvents: (events: readonly FeedEvent[]) => void,
    private readonly onFault: FaultListener,
  ) {
    this.#key = `${prefix}:events`;
  }

  /** Resolves once no later change can be missed. */
  async start(): Promise<void> {
    this.#last = await this.#newest();
    this.#done = this.#read();
  }

  /** Changes after the event `after`, oldest first, and whether the stream reaches back that far: it keeps some 10,000 changes. */
  static async since(redis: Redis, prefix: string, after: string): Promise<{ events: FeedEvent[]; whole: boolean }> {
    const key = `${prefix}:events`;
    const entries = await redis.xrange(key, `(${after}`, '+');
    // Read last, because what is trimmed in between is missing too.
    const [oldest] = await redis.xrange(key, '-', '+', 'COUNT', 1);
    const whole = oldest !== undefined && compareEventIds(oldest[0], after) <= 0;
    return { events: entries.map(([id, fields]) => toEvent(id, fields)), whole };
  }

  async close(): Promise<void> {
    this.#running = false;
    this.redis.disconnect();
    await this.#done;
  }

  async #newest(): Promise<string> {
    const [entry] = await this.redis.xrevrange(this.#key, '+', '-', 'COUNT', 1);
    return entry?.[0] ?? '0-0';
  }

  async #read(): Promise<void> {
    while (this.#running) {
      try {
        const reply = await this.redis.xread('COUNT', 1000, 'BLOCK', 5000, 'STREAMS', this.#key, this.#last);
        const entries = reply?.[0]?.[1] ?? [];
        const newest = entries.at(-1)?.[0];
        if (newest) {
          this.#last = newest;
          this.onEvents(entries.map(([id, fields]) => toEvent(id, fields)));
        } else {
          // A Redis that lost its data starts its ids anew; ours would never be reached.
          const end = await this.#newest();
          if (compareEventIds(end, this.#last) < 0) this.#last = '0-0';
        }
      } catch (error) {
        if (!this.#running) return;
        this.onFault(error, 'feed');
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }
}

/** Whether a text from outside has the shape of an event's id. */
export function isEventId(text: string): boolean {
  return /^\d{1,15}-\d{1,15}$/.test(text);
}

function toEvent(id: string, fields: readonly string[]): FeedEvent {
  const [, kind = '', , renders = ''] = fields;
  return { id, kind: kind === 'progress' ? 'progress' : 'status', renders: renders.split(',') };
}

/** Order of two stream ids: negative when `a` is older. */
export function compareEventIds(a: string, b: string): number {
  const [aTime = 0, aCount = 0] = a.split('-').map(Number);
  const [bTime = 0, bCount = 0] = b.split('-').map(Number);
  return aTime - bTime || aCount - bCount;
}
