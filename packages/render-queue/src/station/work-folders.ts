import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '@musistrata/blob-store';

/** Untouched for so long, a folder of another host is given up. */
const abandonedSeconds = 3600;

/**
 * Temporary folders of one process, one per job, below `<root>/station_<host>_<pid>_<start>_<random>`.
 * Those that killed processes left are removed at start.
 */
export class WorkFolders {
  readonly #folder: string;
  readonly #alive: NodeJS.Timeout;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#alive = setInterval(() => {
      const now = new Date();
      utimes(folder, now, now).catch(() => undefined);
    }, 60_000);
    this.#alive.unref();
  }

  static async open(root: string): Promise<WorkFolders> {
    await makeFolder(root);
    await removeOrphans(root);
    const owner = `${safeHost()}_${process.pid}_${await processStart(process.pid)}`;
    const folder = join(root, `station_${owner}_${randomBytes(4).toString('hex')}`);
    await mkdir(folder);
    return new WorkFolders(folder);
  }

  /** @returns the path of a new, empty folder */
  async take(): Promise<string> {
    const path = join(this.#folder, randomBytes(8).toString('hex'));
    await mkdir(path, { recursive: true });
    return path;
  }

  async giveBack(path: string): Promise<void> {
    await rm(path, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    clearInterval(this.#alive);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function removeOrphans(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const [kind, host, pid, start] = name.split('_');
    if (kind !== 'station') continue;
    const path = join(root, name);
    const orphaned = host === safeHost() ? (await processStart(Number(pid))) !== start : await isAbandoned(path);
    if (orphaned) await rm(path, { recursive: true, force: true });
  }
}

function safeHost(): string {
  return hostname().replace(/[^A-Za-z0-9.-]/g, '-');
}

async function isAbandoned(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > abandonedSeconds * 1000;
}

/**
 * What tells a process from an earlier one with the same number (every process of a container may be number 1, and numbers come round): its start in clock ticks
 * since boot (proc(5), field 22 of stat), `alive` on systems that do not say, `dead` when there is none.
 */
async function processStart(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may hold spaces.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? 'alive';
  } catch {
    return process.platform !== 'linux' && isRunning(pid) ? 'alive' : 'dead';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}
