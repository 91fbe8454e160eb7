import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { openPromise, type ZipFile } from 'yauzl';
import { ArchiveError } from './archive-error.js';
import { listArchive, type WantedFile } from './list-archive.js';

/**
 * Extracts what an instrument can use from a ZIP archive to a folder, file after file, each streamed and compared with the size and the CRC-32
 * that its entry declares.
 * @param folder is made
 * @param mostBytes what all files together may have once inflated
 * @returns paths of what was left out
 * @throws ArchiveError; what is in the folder is to be removed then
 */
export async function extractArchive(path: string, folder: string, mostBytes: number): Promise<readonly string[]> {
  const zip = await reading(() => openPromise(path, { autoClose: false, strictFileNames: true }));
  try {
    const { files, ignored } = await reading(() => listArchive(zip, mostBytes));
    await mkdir(folder);
    for (const file of files) await extract(zip, file, folder);
    return ignored;
  } finally {
    zip.close();
  }
}

async function extract(zip: ZipFile, { entry, parts }: WantedFile, folder: string): Promise<void> {
  const path = join(folder, ...parts);
  await mkdir(dirname(path), { recursive: true });
  const contents = await reading(() => zip.openReadStreamPromise(entry));
  let sum = 0;
  const summing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum = crc32(chunk, sum);
      done(null, chunk);
    },
  });
  await reading(() => pipeline(contents, summing, createWriteStream(path, { flags: 'wx', mode: 0o644 })));
  if (sum !== entry.crc32) throw new ArchiveError(`the CRC-32 of "${entry.fileName}" is not the one declared`);
}

/** What the reader of archives says against one is said in its words; what the system says is not about the archive. */
async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ArchiveError || !(error instanceof Error) || 'syscall' in error) throw error;
    throw new ArchiveError(error.message.replace(/\.$/, ''));
  }
}
