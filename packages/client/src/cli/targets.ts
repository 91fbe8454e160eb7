import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ScoreSource } from './score-source.js';
import { UsageError } from './usage-error.js';

/** Where the audio of one score goes. */
export interface Target {
  readonly source: ScoreSource;
  /** Null is standard output. */
  readonly path: string | null;
  /** The path is a device or a pipe: it is written to, never replaced. */
  readonly isStream: boolean;
}

export interface TargetRequest {
  /** As given with -o. */
  readonly output: string | null;
  /** Of the audio, without the point. */
  readonly extension: string;
  readonly stems: boolean;
  readonly json: boolean;
  /** Standard output is a terminal. */
  readonly toTerminal: boolean;
}

/**
 * Decides where every score's audio goes, and makes the folder that -o names, if it names one.
 * @throws UsageError for everything that could only go wrong later.
 */
export async function chooseTargets(sources: readonly ScoreSource[], request: TargetRequest): Promise<Target[]> {
  const { output, extension } = request;
  if (output === '-' || (output === null && sources.length === 1 && sources[0]?.path === null)) {
    if (sources.length > 1) throw new UsageError('Standard output takes one score only. Name a folder with -o.');
    if (request.toTerminal) throw new UsageError('Audio is nothing for a terminal. Name a file with -o, or pipe it.');
    if (request.stems) throw new UsageError('--stems writes several files: name one with -o.');
    if (request.json) throw new UsageError('--json needs standard output for itself: name a file with -o.');
    return sources.map((source) => ({ source, path: null, isStream: true }));
  }
  const folder = output === null ? '.' : await asFolder(output, sources.length > 1);
  if (folder === null && output !== null) return [await asFile(sources[0]!, output, request)];
  const targets = sources.map((source) => ({
    source,
    path: join(folder ?? '.', `${source.stem}.${extension}`),
    isStream: false,
  }));
  refuseCollisions(targets);
  return targets;
}

async function asFile(source: ScoreSource, output: string, { stems }: TargetRequest) {
  const found = await stat(output).catch(() => null);
  const isStream = found !== null && !found.isFile();
  if (isStream && stems) throw new UsageError(`--stems writes several files, and ${output} is none.`);
  // A link stays a link: what it points to is replaced.
  const target = { source, path: found && !isStream ? await realpath(output) : output, isStream };
  refuseCollisions([target]);
  return target;
}

/** Folder where the stems of an audio file go. */
export function stemsFolder(path: string): string {
  return `${path.replace(/\.[^./\\]*$/, '')}.stems`;
}

/** A file name for a part: its number from 1, and of its name what every file system takes. */
export function stemFileName(part: number, name: string, extension: string): string {
  const clean = name
    .normalize('NFC')
    .replace(/[\p{C}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ');
  const short = [...clean]
    .slice(0, 80)
    .join('')
    .replace(/[. ]+$/, '')
    .trim();
  return `${String(part + 1).padStart(2, '0')}${short === '' ? '' : ` ${short}`}.${extension}`;
}

/** The folder that -o means, or null when it means a file. */
async function asFolder(output: string, several: boolean): Promise<string | null> {
  const found = await stat(output).catch(() => null);
  if (found?.isDirectory()) return output;
  if (several || /[/\\]$/.test(output)) {
    if (found) throw new UsageError(`-o ${output} is a file; several scores need a folder.`);
    await mkdir(output, { recursive: true });
    return output;
  }
  const above = dirname(resolve(output));
  if (!(await stat(above).catch(() => null))?.isDirectory())
    throw new UsageError(`-o ${output}: the folder ${above} does not exist.`);
  return null;
}

function refuseCollisions(targets: readonly { readonly source: ScoreSource; readonly path: string }[]): void {
  const taken = new Map<string, string>();
  for (const { source } of targets) if (source.path !== null) taken.set(resolve(source.path), 'is a score itself');
  for (const { source, path } of targets) {
    const why = taken.get(resolve(path));
    if (why !== undefined) throw new UsageError(`${path}, where the audio of ${source.label} would go, ${why}.`);
    taken.set(resolve(path), `is where that of ${source.label} goes already`);
  }
}
