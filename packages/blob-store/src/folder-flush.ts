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
    // Whatever has become of the one before.
    const begin = () => {
      this.#next.delete(folder);
      return this.#start(folder);
    };
    const queued = running.then(begin, begin);
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

/** What systems say that cannot open or flush a folder (they write names down with the file), and of one that has been deleted meanwhile. */
const unableCodes = new Set(['EACCES', 'EBADF', 'EINVAL', 'EISDIR', 'ENOENT', 'ENOTSUP', 'EPERM']);

function unlessUnable(error: unknown): null {
  if (error instanceof Error && 'code' in error && unableCodes.has(String(error.code))) return null;
  throw error;
}

/** @throws what the disk says: names that it may have lost must not be taken for kept */
async function flushFolder(path: string): Promise<void> {
  const folder = await openFolder(path, constants.O_RDONLY).catch(unlessUnable);
  if (folder === null) return;
  try {
    await datasync(folder).catch(unlessUnable);
  } finally {
    await closeFile(folder);
  }
}
