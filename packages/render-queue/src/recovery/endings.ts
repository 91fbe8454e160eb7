import type { RequestRecord } from '../records/records.js';
import type { RenderArchive } from '../records/render-archive.js';
import type { JobQueue } from '../redis/job-queue.js';
import type { Look, RenderIndex } from '../redis/render-index.js';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Writes down in the blob store what Redis says of an ended render. Redis decides who ends a render; this makes it last. */
export async function recordEnding(archive: RenderArchive, look: Look): Promise<void> {
  const { request, ended } = look;
  if (!ended) return;
  await archive.putEnded(request, {
    status: ended.status,
    startedAt: iso(ended.startedAt),
    finishedAt: new Date(ended.finishedAt).toISOString(),
    expiresAt: iso(ended.expiresAt),
    error: ended.error,
    cached: ended.cached,
  });
}

/** The same for many renders that one job ended. */
export async function recordEndings(
  index: RenderIndex,
  archive: RenderArchive,
  ids: readonly string[],
  onEnded?: (look: Look) => Promise<void>,
): Promise<void> {
  const waiting = [...ids];
  const work = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const look = await index.look(id);
      if (!look || look === 'gone' || !look.ended) continue;
      await recordEnding(archive, look);
      await onEnded?.(look);
    }
  };
  await Promise.all(Array.from({ length: Math.min(16, ids.length) }, work));
}

/** Ends a render as canceled, in Redis and for good, and takes its job out when nobody else waits for it. */
export async function endCanceled(
  index: RenderIndex,
  archive: RenderArchive,
  jobs: JobQueue,
  request: RequestRecord,
  problem: { readonly code: string; readonly message: string },
): Promise<void> {
  const result = await index.cancel(request.id, problem);
  if (result.status === 'unknown') {
    // Redis lost it and recovery has not reached it: an ended record keeps recovery from starting it again.
    const now = new Date().toISOString();
    await archive.putEnded(request, {
      status: 'canceled',
      startedAt: null,
      finishedAt: now,
      expiresAt: request.ttlSeconds === null ? null : iso(Date.now() + request.ttlSeconds * 1000),
      error: problem,
      cached: false,
    });
    return;
  }
  if (!result.canceled) return;
  if (result.ended) await jobs.drop(result.ended.content, result.ended.run);
  const look = await index.look(request.id);
  if (look && look !== 'gone') await recordEnding(archive, look);
}
