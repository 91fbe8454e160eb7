import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderInUseError } from './running-redis.js';

/** What the holder of a folder writes down for whoever comes after it. */
export interface LockRecord {
  readonly launcherPid: number;
  /** Tells a process from a later one with the same number; null where the system does not say. */
  readonly launcherStart: string | null;
}

/**
 * An exclusive lock on a folder, against two servers that append to one file. Held as long as the process that took it lives:
 * a lock whose holder is dead is taken over.
 */
export class FolderLock {
  private constructor(private readonly path: string) {}

  /** @throws FolderInUseError when a living process holds it */
  static async take(folder: string): Promise<FolderLock> {
    await mkdir(folder, { recursive: true });
    const path = join(folder, 'lock');
    const own = `${path}.${process.pid}`;
    const record: LockRecord = { launcherPid: process.pid, launcherStart: await processStart(process.pid) };
    await writeFile(own, JSON.stringify(record));
    try {
      for (let attempt = 0; attempt < 20; attempt++) {
        try {
          // A link appears whole or not at all, and never over another file.
          await link(own, path);
          return new FolderLock(path);
        } catch (error) {
          if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST')) throw error;
        }
        const holder = await readLock(path);
        if (holder && (await isAlive(holder))) throw new FolderInUseError(folder, holder.launcherPid);
        const stale = `${path}.stale.${process.pid}`;
        await rename(path, stale).catch(() => undefined);
        const moved = await readLock(stale);
        // Somebody quicker has just taken it over: give it back.
        if (moved && (await isAlive(moved))) await rename(stale, path);
        else await rm(stale, { force: true });
      }
      throw new FolderInUseError(folder, 0);
    } finally {
      await rm(own, { force: true });
    }
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

async function readLock(path: string): Promise<LockRecord | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockRecord;
  } catch {
    return null;
  }
}

async function isAlive(holder: LockRecord): Promise<boolean> {
  return isRunning(holder.launcherPid) && (await processStart(holder.launcherPid)) === holder.launcherStart;
}

/** Whether a process with this number exists. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}

/** Start time of a process in clock ticks since boot (proc(5), field 22 of stat); null outside of Linux. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may hold spaces.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
