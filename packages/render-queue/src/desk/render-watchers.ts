import type { Redis } from 'ioredis';
import { RenderGoneError, RenderNotFoundError } from '../errors.js';
import type { FaultListener } from '../redis/connect.js';
import type { Render } from '../render.js';
import { type FeedEvent, isEventId, RenderFeed } from './render-feed.js';

/** A change of a render, with the render after it. */
export interface RenderChange {
  /** Grows with time; for Last-Event-ID. */
  readonly eventId: string;
  /** `gone`: it was deleted; nothing follows. */
  readonly kind: 'status' | 'progress' | 'gone';
  /** Null when gone. */
  readonly render: Render | null;
}

export type RenderListener = (change: RenderChange) => void;

/** Everybody in this process who watches a render: one reading of a render serves all of its watchers. */
export class RenderWatchers {
  readonly #listeners = new Map<string, Set<RenderListener>>();
  /** The newest change of a render that its watchers have not been told; several fast ones are told as one. */
  readonly #pending = new Map<string, { eventId: string; kind: 'status' | 'progress' }>();
  readonly #reading = new Set<string>();
  readonly #feed: RenderFeed;

  constructor(
    private readonly redis: Redis,
    feedConnection: Redis,
    private readonly prefix: string,
    private readonly read: (id: string) => Promise<Render>,
    private readonly onFault: FaultListener,
  ) {
    this.#feed = new RenderFeed(feedConnection, prefix, (events) => this.#dispatch(events), onFault);
  }

  start(): Promise<void> {
    return this.#feed.start();
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#feed.close();
  }

  add(id: string, listener: RenderListener, after: string | undefined): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    // A function of its own, so that the same one may listen twice.
    const own: RenderListener = (change) => listener(change);
    listeners.add(own);
    this.#listeners.set(id, listeners);
    if (after !== undefined && isEventId(after)) void this.#replay(id, own, after);
    return () => {
      listeners.delete(own);
      if (listeners.size === 0 && this.#listeners.get(id) === listeners) this.#listeners.delete(id);
    };
  }

  #dispatch(events: readonly FeedEvent[]): void {
    for (const event of events) {
      for (const id of event.renders) {
        if (!this.#listeners.has(id)) continue;
        const before = this.#pending.get(id);
        this.#pending.set(id, { eventId: event.id, kind: before?.kind === 'status' ? 'status' : event.kind });
        void this.#deliver(id);
      }
    }
  }

  async #deliver(id: string): Promise<void> {
    if (this.#reading.has(id)) return;
    this.#reading.add(id);
    try {
      for (let next = this.#pending.get(id); next; next = this.#pending.get(id)) {
        this.#pending.delete(id);
        const change = await this.#change(id, next.eventId, next.kind);
        if (change) for (const listener of this.#listeners.get(id) ?? []) this.#tell(listener, change);
      }
    } finally {
      this.#reading.delete(id);
    }
  }

  async #replay(id: string, listener: RenderListener, after: string): Promise<void> {
    try {
      const { events, whole } = await RenderFeed.since(this.redis, this.prefix, after);
      const missed = events.filter(({ renders }) => renders.includes(id));
      // What the stream does not hold any more may have been a change of this render.
      const newest = missed.at(-1)?.id ?? (whole ? null : (events.at(-1)?.id ?? after));
      if (newest === null) return;
      const kind = !whole || missed.some((event) => event.kind === 'status') ? 'status' : 'progress';
      const change = await this.#change(id, newest, kind);
      if (change && this.#listeners.has(id)) this.#tell(listener, change);
    } catch (error) {
      this.onFault(error, 'replay');
    }
  }

  async #change(id: string, eventId: string, kind: 'status' | 'progress'): Promise<RenderChange | null> {
    try {
      return { eventId, kind, render: await this.read(id) };
    } catch (error) {
      if (error instanceof RenderGoneError || error instanceof RenderNotFoundError)
        return { eventId, kind: 'gone', render: null };
      this.onFault(error, 'watch');
      return null;
    }
  }

  #tell(listener: RenderListener, change: RenderChange): void {
    try {
      listener(change);
    } catch (error) {
      this.onFault(error, 'listener');
    }
  }
}
