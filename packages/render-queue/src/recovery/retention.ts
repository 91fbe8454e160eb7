import { blobKeys, renderIdOf } from '../records/blob-keys.js';
import { type RenderArchive, scoreGraceSeconds } from '../records/render-archive.js';
import type { RenderIndex } from '../redis/render-index.js';
import type { Endings } from './endings.js';

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
  ) {}

  /** Expired renders, then the oldest ended ones while the outputs exceed their limit. @returns how many */
  async expire(): Promise<number> {
    let count = 0;
    for (let due = await this.index.due('expiries', 100); due.length > 0; due = await this.index.due('expiries', 100)) {
      for (const id of due) await this.endings.remove(id);
      count += due.length;
    }
    if (this.maxBytes === 0) return count;
    while ((await this.index.capacity()).storedBytes > this.maxBytes) {
      const oldest = await this.index.oldestEnded(1);
      if (oldest[0] === undefined) break;
      await this.endings.remove(oldest[0]);
      count++;
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
