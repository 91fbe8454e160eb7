import type { Ending, RequestRecord } from '../records/records.js';
import type { RenderArchive } from '../records/render-archive.js';
import type { JobQueue } from '../redis/job-queue.js';
import type { Look } from '../redis/look.js';
import { jobQueueName } from '../redis/redis-keys.js';
import type { RenderIndex } from '../redis/render-index.js';
import type { Problem } from '../render-problems.js';
import type { WebhookQueue } from '../webhooks/webhook-queue.js';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export function endingOf(ended: NonNullable<Look['ended']>): Ending {
  return {
    status: ended.status,
    startedAt: iso(ended.startedAt),
    finishedAt: new Date(ended.finishedAt).toISOString(),
    expiresAt: iso(ended.expiresAt),
    error: ended.error,
    cached: ended.cached,
  };
}

/**
 * How renders end and go, for desk, station and caretaker alike. Redis decides who ends a render, atomically; then the end is written down in the
 * blob store, webhooks are told, and only then the open record goes: whatever is interrupted here, recovery finds the open record and does it again.
 */
export class Endings {
  constructor(
    private readonly index: RenderIndex,
    private readonly archive: RenderArchive,
    private readonly jobs: JobQueue,
    private readonly webhooks: WebhookQueue,
    private readonly goneSeconds: number,
  ) {}

  /** Makes what Redis says of an ended render last. Doing it twice does no harm. */
  async record({ request, ended }: Look): Promise<void> {
    if (!ended) return;
    await this.archive.putEnded(request, endingOf(ended));
    await this.webhooks.announce(request, `render.${ended.status}`);
    await this.archive.deleteOpen(request.id);
    // Deleted while this was being written: see remove().
    if ((await this.index.look(request.id)) === 'gone') await this.archive.deleteEnded(request.id);
  }

  /** The same for all the renders that one job ended. */
  async recordAll(ids: readonly string[]): Promise<void> {
    const waiting = [...ids];
    const work = async (): Promise<void> => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        const look = await this.index.look(id);
        if (look && look !== 'gone') await this.record(look);
      }
    };
    await Promise.all(Array.from({ length: Math.min(16, ids.length) }, work));
  }

  /** Ends a render as canceled; its job ends too when nobody else waits for it. */
  async cancel(request: RequestRecord, problem: Problem): Promise<void> {
    const result = await this.index.cancel(request.id, problem);
    if (result.status === 'unknown') {
      // Redis lost it and recovery has not reached it: this record keeps recovery from starting it.
      const now = Date.now();
      const expiresAt = request.ttlSeconds === null ? null : now + request.ttlSeconds * 1000;
      const ended = { status: 'canceled', startedAt: null, finishedAt: now, expiresAt, error: problem } as const;
      await this.index.restore(request, { ...ended, cached: false }, null);
    } else if (!result.canceled) {
      return;
    }
    if (result.ended) await this.jobs.drop(jobQueueName(request.engineVersion), result.ended.content, result.ended.run);
    await this.recordAll([request.id]);
  }

  /** Deletes an ended render, and its files when no other render uses them. @returns false when it has not ended */
  async remove(id: string): Promise<boolean> {
    const look = await this.index.look(id);
    if (look && look !== 'gone' && !look.ended) return false;
    // The index last: what is interrupted here is still due and is done again.
    await this.archive.bury(id);
    const forgotten = await this.index.forget(id, this.goneSeconds);
    // A station may have written the end down after the burial: from here on it sees that the render is gone.
    await this.archive.deleteEnded(id);
    if (typeof forgotten === 'object' && forgotten.condemned) await this.deleteOutputs(forgotten.content);
    return true;
  }

  /** For a condemned content: while its files go, no render can join it. */
  async deleteOutputs(content: string): Promise<void> {
    await this.archive.deleteOutputs(content);
    await this.index.absolve(content);
  }
}
