import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { InstrumentError } from '../instrument-error.js';
import { confinedPath } from './confined-path.js';
import type { SampleFile } from './sample-file.js';
import { readWavHeader } from './wav-header.js';

/** Bytes of the largest sample file that is read. */
export const LARGEST_SAMPLE_FILE = 512 * 1024 * 1024;

/**
 * Reads the header and the digest of a sample that an instrument names relative to `from`; it must be in `folder`.
 * Throws InstrumentError `invalid-sample` when it is missing, outside the folder, too large or no WAV file.
 */
export async function readSampleFile(
  folder: string,
  name: string,
  normalize: boolean,
  from = folder,
): Promise<SampleFile> {
  const path = await confinedPath(folder, name, from);
  if (path === null) throw refused(name, 'is missing or outside its folder');
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size > LARGEST_SAMPLE_FILE) throw refused(name, `has ${size} bytes; the limit is ${LARGEST_SAMPLE_FILE}`);
  const bytes = await readFile(path).catch(() => {
    throw refused(name, 'cannot be read');
  });
  const header = readWavHeader(bytes, name);
  return { path, name, header, digest: createHash('sha256').update(bytes).digest('hex'), normalize };
}

function refused(name: string, what: string): InstrumentError {
  const message = `The sample ${name} ${what}.`;
  return new InstrumentError('invalid-sample', message, [{ pointer: name, message }]);
}
