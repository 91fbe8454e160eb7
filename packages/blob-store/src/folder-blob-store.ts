import { randomBytes } from 'node:crypto';
import { close, constants, type Dirent, fdatasync, fstat, open as openCallback, type Stats, writeFile } from 'node:fs';
import { copyFile, open, readdir, readFile, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { assertBlobKey, assertBlobPrefix, BlobNotFoundError, BlobRangeError } from './blob-key.js';
import type { BlobInfo, BlobStore, ByteRange } from './blob-store.js';
import { FileStream } from './file-stream.js';
import { FolderFlush } from './folder-flush.js';
import { makeFolder } from './make-folder.js';

// Plain descriptors where every request comes along: a FileHandle costs more than writing a small file, and makes reading a large one slower.
const openFile = promisify(openCallback);
const writeWhole = promisify(writeFile);
const datasync = promisify(fdatasync);
const closeFile = promisify(close);
const statOpen = promisify(fstat);

export interface FolderBlobStoreOptions {
  /** Root folder; made when it does not exist. May be a volume that several hosts mount. */
  readonly folder: string;
  /**
   * Flushes every file to the disk before it gets its name, and its folder afterwards, so that what was acknowledged survives a power cut.
   * @default true
   */
  readonly flush?: boolean;
}

/** Keys are paths below one folder. Files are written under a temporary name and renamed, which POSIX makes atomic. */
export class FolderBlobStore implements BlobStore {
  readonly kind = 'folder';
  readonly folder: string;
  readonly #incoming: string;
  readonly #flush: boolean;
  readonly #folders = new FolderFlush();
  /** Differs from that of every other process, also of other hosts that mount the folder. */
  readonly #writer = `${process.pid}-${randomBytes(9).toString('hex')}`;
  #written = 0;

  constructor(options: FolderBlobStoreOptions) {
    this.folder = resolve(options.folder);
    // Starts with a dot: no key can name it. In the same folder, because rename does not cross file systems.
    this.#incoming = join(this.folder, '.incoming');
    this.#flush = options.flush ?? true;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    const target = this.#path(key);
    const temporary = this.#temporary();
    try {
      const file = await this.#create(temporary);
      try {
        await writeWhole(file, bytes);
        if (this.#flush) await datasync(file);
      } finally {
        await closeFile(file);
      }
      await this.#place(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async putFile(key: string, path: string): Promise<void> {
    const target = this.#path(key);
    if (this.#flush) {
      const file = await open(path, 'r+');
      try {
        await file.datasync();
      } finally {
        await file.close();
      }
    }
    try {
      await this.#place(path, target);
    } catch (error) {
      if (!hasCode(error, 'EXDEV')) throw error;
      await this.#copyIn(path, target);
      await unlink(path);
    }
  }

  async get(key: string): Promise<Buffer | null> {
    try {
      return await readFile(this.#path(key));
    } catch (error) {
      if (isAbsent(error)) return null;
      throw error;
    }
  }

  async stat(key: string): Promise<BlobInfo | null> {
    const found = await statFile(this.#path(key));
    return found ? { key, bytes: found.size, modifiedAt: found.mtime } : null;
  }

  async read(key: string, range?: ByteRange): Promise<Readable> {
    let file: number;
    try {
      file = await openFile(this.#path(key), constants.O_RDONLY);
    } catch (error) {
      throw isAbsent(error) ? new BlobNotFoundError(key) : error;
    }
    try {
      const found = await statOpen(file);
      if (!found.isFile()) throw new BlobNotFoundError(key);
      if (range && (range.start >= found.size || range.end < range.start)) throw new BlobRangeError(key, found.size);
    } catch (error) {
      await closeFile(file);
      throw error;
    }
    return new FileStream(file, range);
  }

  async delete(key: string): Promise<void> {
    const path = this.#path(key);
    try {
      await unlink(path);
    } catch (error) {
      if (isAbsent(error)) return;
      throw error;
    }
    // Folders of one render would otherwise pile up for ever. A folder that is not empty refuses, which is fine.
    const root = key.split('/').length;
    let parent = dirname(path);
    for (let depth = root; depth > 2; depth--, parent = dirname(parent)) {
      try {
        await rmdir(parent);
      } catch {
        return;
      }
    }
  }

  async *list(prefix: string): AsyncIterable<BlobInfo> {
    assertBlobPrefix(prefix);
    const slash = prefix.lastIndexOf('/');
    yield* this.#walk(slash < 0 ? '' : prefix.slice(0, slash + 1), prefix.slice(slash + 1));
  }

  async check(): Promise<void> {
    const key = `health/${randomBytes(8).toString('hex')}`;
    const bytes = randomBytes(16);
    await this.put(key, bytes);
    const read = await this.get(key);
    await this.delete(key);
    if (!read?.equals(bytes)) throw new Error(`${this.folder} does not give back what was written`);
  }

  /** Removes what killed processes left half written. @param olderThanSeconds younger files may still be growing */
  async sweepIncoming(olderThanSeconds = 3600): Promise<void> {
    const names = await readdir(this.#incoming).catch((): string[] => []);
    for (const name of names) {
      const path = join(this.#incoming, name);
      const found = await statFile(path);
      if (found && Date.now() - found.mtimeMs > olderThanSeconds * 1000) await rm(path, { force: true });
    }
  }

  async *#walk(folderKey: string, start: string): AsyncIterable<BlobInfo> {
    let entries: Dirent[];
    try {
      entries = await readdir(join(this.folder, folderKey), { withFileTypes: true });
    } catch (error) {
      if (isAbsent(error)) return;
      throw error;
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.') || !entry.name.startsWith(start)) continue;
      const key = folderKey + entry.name;
      if (entry.isDirectory()) {
        yield* this.#walk(`${key}/`, '');
      } else {
        const found = await statFile(join(this.folder, key));
        if (found) yield { key, bytes: found.size, modifiedAt: found.mtime };
      }
    }
  }

  async #place(source: string, target: string): Promise<void> {
    const made = await moveTo(source, target);
    if (!this.#flush) return;
    // A name is an entry of its folder, which has to reach the disk by itself; so is that of a folder which was made for it.
    const flushes = [this.#folders.flush(dirname(target))];
    if (made !== null)
      for (let parent = dirname(target); parent.length >= made.length; parent = dirname(parent))
        flushes.push(this.#folders.flush(dirname(parent)));
    await Promise.all(flushes);
  }

  #path(key: string): string {
    assertBlobKey(key);
    return join(this.folder, key);
  }

  #temporary(): string {
    return join(this.#incoming, `${this.#writer}-${this.#written++}`);
  }

  async #create(path: string): Promise<number> {
    try {
      return await openFile(path, 'wx');
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      await makeFolder(dirname(path));
      return openFile(path, 'wx');
    }
  }

  async #copyIn(source: string, target: string): Promise<void> {
    await makeFolder(this.#incoming);
    const temporary = this.#temporary();
    try {
      await copyFile(source, temporary);
      const file = await open(temporary, 'r+');
      try {
        await file.datasync();
      } finally {
        await file.close();
      }
      await this.#place(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

/**
 * Renames, making the folder when it is missing: again when a concurrent delete has just removed it.
 * @returns the uppermost folder that had to be made, or null
 */
async function moveTo(source: string, target: string): Promise<string | null> {
  let made: string | null = null;
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(source, target);
      return made;
    } catch (error) {
      if (!hasCode(error, 'ENOENT') || attempt >= 20) throw error;
    }
    try {
      made = (await makeFolder(dirname(target))) ?? made;
    } catch (error) {
      // A parent went while its child was being made.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
}

async function statFile(path: string): Promise<Stats | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? found : null;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR') || hasCode(error, 'EISDIR');
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
