import { randomUUID } from 'node:crypto';
import { link, open, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeFolder } from '@musistrata/blob-store';
import { Problem } from '../../problems/problem.js';
import { incomingOf } from './incoming-folder.js';

const lookMs = 25;
const renewMs = 2000;
/** A lock that was not renewed for so long belongs to a process that died. */
const staleMs = 15_000;
const patienceMs = 60_000;

/**
 * Does something while no other process that shares the folder does: looking whether a name is free and taking it MUST happen in one turn,
 * or two instruments of one name would keep every process from starting.
 * @throws Problem storage-unavailable when the turn does not come
 */
export async function inTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const incoming = incomingOf(folder);
  await makeFolder(incoming);
  const lock = join(incoming, 'lock');
  const mine = await take(lock);
  const renewal = setInterval(() => {
    const now = new Date();
    utimes(lock, now, now).catch(() => undefined);
  }, renewMs);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    if ((await fileAt(lock))?.ino === mine) await rm(lock, { force: true });
  }
}

/** @returns the number of the lock's file, by which its owner knows it again */
async function take(lock: string): Promise<number> {
  const until = performance.now() + patienceMs;
  let seen = { mark: '', since: performance.now() };
  for (;;) {
    const number = await create(lock);
    if (number !== null) return number;
    const found = await fileAt(lock);
    const mark = found === null ? '' : markOf(found);
    // By this process' own clock: that of the file system may be another.
    if (mark !== seen.mark) seen = { mark, since: performance.now() };
    else if (mark !== '' && performance.now() - seen.since > staleMs) await removeStale(lock, mark);
    if (performance.now() > until) throw Problem.storageUnavailable(new Error(`${lock} is held`));
    await sleep(lookMs);
  }
}

async function create(lock: string): Promise<number | null> {
  try {
    const file = await open(lock, 'wx');
    try {
      return (await file.stat()).ino;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
}

/** Takes the lock out of the way before it is looked at again: somebody else may have replaced the stale one just now. */
async function removeStale(lock: string, mark: string): Promise<void> {
  const aside = `${lock}-${randomUUID()}`;
  await rename(lock, aside).catch(() => undefined);
  const found = await fileAt(aside);
  if (found !== null && markOf(found) !== mark) await link(aside, lock).catch(() => undefined);
  await rm(aside, { force: true });
}

interface FileMark {
  readonly ino: number;
  readonly mtimeMs: number;
}

const markOf = ({ ino, mtimeMs }: FileMark) => `${ino} ${mtimeMs}`;
const fileAt = (path: string): Promise<FileMark | null> => stat(path).catch(() => null);
