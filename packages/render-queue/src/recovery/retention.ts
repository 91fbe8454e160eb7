import { blobKeys, renderIdOf } from '../records/blob-keys.js';
import { type RenderArchive, scoreGraceSeconds } from '../records/render-archive.js';
import type { FaultListener } from '../redis/connect.js';
import type { RenderIndex } from '../redis/render-index.js';
import type { Endings } from './endings.js';

/** Renders that may be impossible to delete before a round is given up. */
const mostFaults = 20;

/** What a sweep deleted. */
export interface Sweep {
  readonly scores: number;
  readonly outputs: number;
}

/** Deletes what nobody may ask for any more: expired renders, and bytes that no render refers to. */
export class Retention {
  constructor(
    private readonly index: RenderIndex,
    private readonly archive: RenderArchive,
    private readonly endings: Endings,
    /** Bytes of outputs that are kept; 0 is no limit. */
    private readonly maxBytes: number,
    private readonly goneSeconds: number,
    private readonly onFault: FaultListener,
  ) {}

  /** Expired renders, then the oldest ended ones while the outputs exceed their limit. @returns how many */
  async expire(): Promise<number> {
    const kept = new Set<string>();
    const expired = await this.#removeAll(kept, (most) => this.index.due('expiries', most));
    if (this.maxBytes === 0) return expired;
    const evicted = await this.#removeAll(kept, async (most) =>
      (await this.index.capacity()).storedBytes > this.maxBytes ? this.index.oldestEnded(most) : [],
    );
    return expired + evicted;
  }

  /**
   * Deletes the first render that `next` names, until it names none. One that cannot be deleted now keeps no other from being deleted; it is tried
   * again in the next round.
   * @param kept those of this round; when there are too many of them, the storage is at fault and the round is over
   */
  async #removeAll(kept: Set<string>, next: (most: number) => Promise<readonly string[]>): Promise<number> {
    let count = 0;
    while (kept.size < mostFaults) {
      const id = (await next(kept.size + 1)).find((candidate) => !kept.has(candidate));
      if (id === undefined) break;
      try {
        if (await this.endings.remove(id)) count++;
        else kept.add(id);
      } catch (error) {
        kept.add(id);
        this.onFault(error, `retention of ${id}`);
      }
    }
    return count;
  }

  /** Bytes without a render: scores of ended renders, outputs of killed or canceled jobs, old tombstones. */
  async sweep(): Promise<Sweep> {
    const wanted = new Set<string>();
    for (const id of await this.index.unfinished()) {
      const look = await this.index.look(id);
      if (look && look !== 'gone') wanted.add(look.request.score.sha256);
    }
    // After the index, so that a render accepted meanwhile is seen here at the latest: its score is younger than the grace time.
    for await (const id of this.archive.openIds()) {
      const request = await this.archive.getOpen(id).catch(() => null);
      if (request) wanted.add(request.score.sha256);
    }
    let scores = 0;
    for await (const { key, modifiedAt } of this.archive.store.list(blobKeys.scores)) {
      if (isOlder(modifiedAt, scoreGraceSeconds) && !wanted.has(renderIdOf(key))) {
        await this.archive.store.delete(key);
        scores++;
      }
    }
    const outputs = await this.#sweepOutputs();
    for await (const { key, modifiedAt } of this.archive.store.list(blobKeys.gones))
      if (isOlder(modifiedAt, this.goneSeconds)) await this.archive.store.delete(key);
    return { scores, outputs };
  }

  async #sweepOutputs(): Promise<number> {
    const newest = new Map<string, Date>();
    for await (const { key, modifiedAt } of this.archive.store.list(blobKeys.outputs)) {
      const content = key.split('/')[1] ?? '';
      const before = newest.get(content);
      if (!before || before < modifiedAt) newest.set(content, modifiedAt);
    }
    let count = 0;
    for (const [content, modifiedAt] of newest) {
      if (!isOlder(modifiedAt, scoreGraceSeconds) || !(await this.index.condemn(content))) continue;
      await this.endings.deleteOutputs(content);
      count++;
    }
    return count;
  }
}

function isOlder(time: Date, seconds: number): boolean {
  return Date.now() - time.getTime() > seconds * 1000;
}
