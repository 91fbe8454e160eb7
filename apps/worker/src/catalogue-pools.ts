import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CatalogueConfig,
  type RenderedJob,
  type RenderJob,
  RenderPool,
  type RunOptions,
} from '@musistrata/render-core';

/** A pool with the jobs that it still has to finish. */
interface Edition {
  readonly pool: RenderPool;
  readonly signature: string;
  running: number;
}

/**
 * Render threads that know the instruments as they are now: when fonts or samples have been added or removed since the last job, new threads are started for
 * the next, and the old ones end after their jobs.
 */
export class CataloguePools {
  #edition: Edition | null = null;
  #opening: Promise<Edition> | null = null;
  #closed = false;
  readonly #all = new Set<Edition>();

  constructor(
    private readonly catalogue: CatalogueConfig,
    private readonly threads: number,
    private readonly heapMiB: number,
    private readonly onNewCatalogue: () => void,
  ) {}

  /** Rejects with the reason when the catalogue cannot be opened. */
  async ready(): Promise<void> {
    await this.#current();
  }

  async run(job: RenderJob, options: RunOptions): Promise<RenderedJob> {
    const edition = await this.#current();
    edition.running++;
    try {
      return await edition.pool.run(job, options);
    } finally {
      edition.running--;
      this.#retire();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map(({ pool }) => pool.close()));
    this.#all.clear();
  }

  async #current(): Promise<Edition> {
    for (;;) {
      const signature = await this.#signature();
      if (this.#edition?.signature === signature) return this.#edition;
      if (this.#opening === null) {
        this.#opening = this.#open(signature).finally(() => {
          this.#opening = null;
        });
        return this.#opening;
      }
      // That one may have begun before the instruments of this job were there.
      await this.#opening.catch(() => undefined);
    }
  }

  async #open(signature: string): Promise<Edition> {
    if (this.#closed) throw new Error('The worker is closing.');
    const pool = new RenderPool({ threads: this.threads, catalogue: this.catalogue, heapMiB: this.heapMiB });
    const edition: Edition = { pool, signature, running: 0 };
    this.#all.add(edition);
    try {
      await pool.ready();
    } catch (error) {
      this.#all.delete(edition);
      await pool.close();
      throw error;
    }
    if (this.#edition) this.onNewCatalogue();
    this.#edition = edition;
    this.#retire();
    return edition;
  }

  #retire(): void {
    for (const edition of this.#all) {
      if (edition === this.#edition || edition.running > 0) continue;
      this.#all.delete(edition);
      void edition.pool.close();
    }
  }

  /** Names, sizes and times of everything in the folders that people and uploads put instruments into, but for what is hidden. */
  async #signature(): Promise<string> {
    const folders = [this.catalogue.soundFontFolder, this.catalogue.samplesFolder];
    const lines: string[] = [];
    for (const folder of folders) if (folder !== undefined) await describeFolder(folder, lines);
    for (const file of this.catalogue.catalogueFiles ?? []) await describeFile(file, lines);
    return lines.join('\n');
  }
}

/** Passes over what begins with a dot, as the catalogue does: an upload under way changes all the time. */
async function describeFolder(folder: string, lines: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) await describeFolder(path, lines);
    else await describeFile(path, lines);
  }
}

async function describeFile(path: string, lines: string[]): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found) lines.push(`${path} ${found.size} ${found.mtimeMs}`);
}
