import { readFile } from 'node:fs/promises';
import { InstrumentError } from '../instrument-error.js';
import { readSampleFolder } from '../samples/read-folder.js';
import type { SampleFile } from '../samples/sample-file.js';
import { checkDecoding } from '../samples/wav-decoder.js';
import { readSfz } from '../sfz/read-sfz.js';
import type { SampleReference, SampleSet } from './sample-folders.js';

/**
 * Reads everything that a set of samples would be played from, each sample to its last frame, as a render would: what passes can be offered.
 * Holds one sample file at a time.
 *
 * @throws InstrumentError with what is wrong
 */
export async function readSamplesThrough({ name, instruments }: SampleSet): Promise<void> {
  if (instruments.length === 0) {
    const message = `The folder ${name} has neither WAV nor SFZ files, nor an instrument.json, at its top.`;
    throw new InstrumentError('invalid-sample-folder', message, [{ pointer: '', message }]);
  }
  const read = new Set<string>();
  for (const reference of instruments) {
    const { regions } = await readInstrument(reference);
    for (const { sample } of regions) {
      if (read.has(sample.path)) continue;
      read.add(sample.path);
      await readThrough(sample);
    }
  }
}

function readInstrument(reference: SampleReference) {
  return reference.type === 'sfz'
    ? readSfz(reference.file, reference.name, reference.root)
    : readSampleFolder(reference.folder, reference.name);
}

async function readThrough({ path, name, header }: SampleFile): Promise<void> {
  const bytes = await readFile(path);
  try {
    checkDecoding(bytes, header);
  } catch (error) {
    const message = `The sample ${name} cannot be decoded: ${error instanceof Error ? error.message : String(error)}.`;
    throw new InstrumentError('invalid-sample', message, [{ pointer: name, message }]);
  }
}
