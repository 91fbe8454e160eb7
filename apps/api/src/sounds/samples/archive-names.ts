import { ArchiveError } from './archive-error.js';

const deepest = 8;
const longestName = 200;

/** Files that an instrument can use, and the texts that belong to them. SFZ files include others of any of these endings. */
const wanted = /\.(?:wav|sfz|sfzh|inc|txt|md)$/i;
const wantedNames = /^(?:instrument\.json|licen[cs]e|copying|readme)$/i;

/**
 * The parts of an entry's path. Paths that leave the archive are refused by the reader of the archive; this refuses the rest of what no honest
 * archive holds.
 * @throws ArchiveError
 */
export function partsOf(path: string): string[] {
  if (/[\p{Cc}\u2028-\u202e\u2066-\u2069\ufffd]/u.test(path))
    throw new ArchiveError(`the name ${JSON.stringify(path)} has characters that are not for names`);
  const parts = path.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new ArchiveError(`"${path}" is no plain path`);
  if (parts.length > deepest + 1) throw new ArchiveError(`"${path}" is more than ${deepest} folders deep`);
  if (parts.some((part) => Buffer.byteLength(part) > longestName))
    throw new ArchiveError(`a name in "${path.slice(0, longestName)}…" is longer than ${longestName} bytes`);
  return parts;
}

/** What systems leave behind in archives: nobody misses it. */
export function isLitter(parts: readonly string[]): boolean {
  const isHidden = parts[0] === '__MACOSX' || parts.some((part) => part.startsWith('.'));
  return isHidden || /^(?:thumbs\.db|desktop\.ini)$/i.test(parts.at(-1) ?? '');
}

/** Whether a file is extracted: no instrument can use any other. */
export function isWanted(parts: readonly string[]): boolean {
  const name = parts.at(-1) ?? '';
  return wanted.test(name) || wantedNames.test(name);
}

/**
 * Refuses paths that a file system could not tell apart, whatever it makes of case and accents, and files that are folders too.
 * @throws ArchiveError
 */
export class DistinctPaths {
  readonly #files = new Set<string>();
  /** Every folder by what its path is compared by, as it was spelled first. */
  readonly #folders = new Map<string, string>();

  add(parts: readonly string[], isFolder: boolean): void {
    const path = parts.join('/');
    const key = comparable(path);
    for (let depth = 1; depth < parts.length; depth++) this.#addFolder(parts.slice(0, depth).join('/'));
    if (isFolder) this.#addFolder(path);
    else if (this.#files.has(key) || this.#folders.has(key)) throw twice(path);
    else this.#files.add(key);
  }

  #addFolder(path: string): void {
    const key = comparable(path);
    if (this.#files.has(key) || (this.#folders.get(key) ?? path) !== path) throw twice(path);
    this.#folders.set(key, path);
  }
}

const comparable = (path: string) => path.normalize('NFKC').toLowerCase();
const twice = (path: string) => new ArchiveError(`it has "${path}" twice, if in other letters`);
