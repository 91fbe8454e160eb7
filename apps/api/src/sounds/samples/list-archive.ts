import type { Entry, ZipFile } from 'yauzl';
import { ArchiveError } from './archive-error.js';
import { DistinctPaths, isLitter, isWanted, partsOf } from './archive-names.js';

/** Files of the largest instruments there are, several times over. */
const mostEntries = 20_000;
/** File type bits of a POSIX mode, which archives keep in the upper half of the external attributes (APPNOTE 4.4.15). */
const typeBits = 0o170000;
const plainFile = 0o100000;
const folder = 0o040000;

/** A file of an archive that is going to be extracted. */
export interface WantedFile {
  readonly entry: Entry;
  /** Where it goes, without the folder that all stood in. */
  readonly parts: readonly string[];
}

export interface ArchiveListing {
  readonly files: readonly WantedFile[];
  /** Paths of what is left out because no instrument can use it. */
  readonly ignored: readonly string[];
}

/**
 * Reads the directory of an archive, and nothing else of it: all that it says about itself is judged before a byte is extracted.
 * @param mostBytes what all files together may have once inflated
 * @throws ArchiveError
 */
export async function listArchive(zip: ZipFile, mostBytes: number): Promise<ArchiveListing> {
  if (zip.entryCount > mostEntries)
    throw new ArchiveError(`it has ${zip.entryCount} entries, ${mostEntries} are allowed`);
  const files: WantedFile[] = [];
  const ignored: string[] = [];
  const distinct = new DistinctPaths();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const parts = partsOf(entry.fileName);
    const isFolder = entry.fileName.endsWith('/');
    checkKind(entry, isFolder);
    if (isLitter(parts)) continue;
    distinct.add(parts, isFolder);
    if (isFolder) continue;
    if (!isWanted(parts)) {
      ignored.push(entry.fileName);
      continue;
    }
    bytes += entry.uncompressedSize;
    if (bytes > mostBytes) throw new ArchiveError(`The inflated archive`, true);
    files.push({ entry, parts });
  }
  if (files.length === 0) throw new ArchiveError('it holds no file that an instrument can use');
  return { files: withoutCommonFolder(files), ignored };
}

/** @throws ArchiveError for what is neither a plain file nor a folder, or cannot be read */
function checkKind(entry: Entry, isFolder: boolean): void {
  const path = `"${entry.fileName}"`;
  const type = (entry.externalFileAttributes >>> 16) & typeBits;
  if (type !== 0 && type !== (isFolder ? folder : plainFile))
    throw new ArchiveError(`${path} is a link or another special file`);
  if (entry.isEncrypted()) throw new ArchiveError(`${path} is encrypted`);
  if (!entry.canDecodeFileData())
    throw new ArchiveError(
      `${path} is compressed by method ${entry.compressionMethod}; stored and deflated files are read`,
    );
  if (isFolder && entry.uncompressedSize > 0) throw new ArchiveError(`${path} is a folder with contents of its own`);
}

function withoutCommonFolder(files: readonly WantedFile[]): readonly WantedFile[] {
  const top = files[0]?.parts[0];
  const isCommon = files.every(({ parts }) => parts.length > 1 && parts[0] === top);
  return isCommon ? files.map(({ entry, parts }) => ({ entry, parts: parts.slice(1) })) : files;
}
