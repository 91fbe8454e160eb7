import { workerData } from 'node:worker_threads';
import { type Catalogue, type CatalogueConfig, openCatalogue, parseScore, writeMidi } from '@musistrata/render-core';
import { type ReadResult, type ReadTask, readSubmission } from './read-submission.js';
import type { MidiTask } from './score-reader.js';

const config = workerData as CatalogueConfig;
let catalogue: Catalogue | null = null;
let openedVersion = -1;

/** Reads a submission, with the catalogue of the given version. */
export async function read({ task, version }: { task: ReadTask; version: number }): Promise<ReadResult> {
  if (catalogue === null || version !== openedVersion) {
    catalogue = await openCatalogue(config);
    openedVersion = version;
  }
  return readSubmission(task, catalogue);
}

/** Writes a score of any format as a MIDI file. */
export async function exportMidi({ bytes, hint, options, limits }: MidiTask): Promise<Uint8Array> {
  const { pitch, octaveShift } = options;
  return writeMidi(await parseScore({ bytes }, { hint, limits, pitch, octaveShift })).bytes;
}
