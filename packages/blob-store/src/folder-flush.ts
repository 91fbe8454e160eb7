import { close, constants, fdatasync, open } from 'node:fs';
import { promisify } from 'node:util';

const openFolder = promisify(open);
const datasync = promisify(fdatasync);
const closeFile = promisify(close);

/**
 * Flushes folders, so that new names in them survive a power cut. Whoever asks while a folder is being flushed shares the next flush with all others
 * who ask meanwhile: a thousand files that arrive at once take a few flushes, not a thousand.
 */
export class FolderFlush {
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  /** @param work flushes one folder */
  constructor(private readonly work: (folder: string) => Promise<void> = flushFolder) {}

  /** Resolves when every name that was in the folder at the time of the call is on the disk. */
  flush(folder: string): Promise<void> {
    const next = this.#next.get(folder);
    if (next) return next;
    const running = this.#running.get(folder);
    // One that is under way may have begun before the caller's file had its name.
    if (!running) return this.#start(folder);
    const queued = running.then(() => {
      this.#next.delete(folder);
      return this.#start(folder);
    });
    this.#next.set(folder, queued);
    return queued;
  }

  #start(folder: string): Promise<void> {
    const work = this.work(folder).finally(() => {
      if (this.#running.get(folder) === work) this.#running.delete(folder);
    });
    this.#running.set(folder, work);
    return work;
  }
}

/** Not every system can open or flush a folder: those that cannot write names down with the file. */
async function flushFolder(path: string): Promise<void> {
  const folder = await openFolder(path, constants.O_RDONLY).catch(() => null);
  if (folder === null) return;
  try {
    await datasync(folder).catch(() => undefined);
  } finally {
    await closeFile(folder);
  }
}
