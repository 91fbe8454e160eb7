import { RenderGoneError, RenderNotFoundError } from '../errors.js';
import type { Ending, RequestRecord } from '../records/records.js';
import type { RenderArchive } from '../records/render-archive.js';
import { isRenderId } from '../render-id.js';
import { type Look, untouched } from './look.js';
import type { RenderIndex } from './render-index.js';

/** Reads a render from the index, or from the storage when Redis does not know it (any more, or yet). */
export class RenderReader {
  constructor(
    private readonly index: RenderIndex,
    private readonly archive: RenderArchive,
  ) {}

  /** @throws RenderNotFoundError, RenderGoneError */
  async look(id: string): Promise<Look> {
    if (!isRenderId(id)) throw new RenderNotFoundError(id);
    const look = await this.index.look(id);
    if (look === 'gone') throw new RenderGoneError(id);
    return look ?? this.#lookInArchive(id);
  }

  async #lookInArchive(id: string): Promise<Look> {
    const ended = await this.archive.getEnded(id);
    if (ended) {
      const { request, ending } = ended;
      const manifest = ending.status === 'succeeded' ? await this.archive.getManifest(request.content) : null;
      return lookOf(request, ending, manifest);
    }
    const open = await this.archive.getOpen(id);
    if (open) return lookOf(open, null, null);
    throw (await this.archive.isGone(id)) ? new RenderGoneError(id) : new RenderNotFoundError(id);
  }
}

function lookOf(request: RequestRecord, ending: Ending | null, manifest: Look['manifest']): Look {
  return {
    request,
    ended: ending && {
      ...ending,
      startedAt: ending.startedAt === null ? null : Date.parse(ending.startedAt),
      finishedAt: Date.parse(ending.finishedAt),
      expiresAt: ending.expiresAt === null ? null : Date.parse(ending.expiresAt),
    },
    ...untouched(request),
    manifest,
    position: null,
    waiting: 0,
    backlogSeconds: 0,
    slots: 0,
    factor: null,
  };
}
