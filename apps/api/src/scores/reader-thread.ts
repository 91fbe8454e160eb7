import { workerData } from 'node:worker_threads';
import {
  type Catalogue,
  type CatalogueConfig,
  openCatalogue,
  parseScore,
  ScoreError,
  writeMidi,
} from '@musistrata/render-core';
import { type ReadResult, type ReadTask, readSubmission } from './read-submission.js';
import type { MidiResult, MidiTask } from './score-reader.js';

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

/** Writes a score of any format as a MIDI file. It was accepted once, but the limits may have become narrower. */
export async function exportMidi({ bytes, hint, options, limits }: MidiTask): Promise<MidiResult> {
  const { pitch, octaveShift } = options;
  try {
    const performance = await parseScore({ bytes }, { hint, limits, pitch, octaveShift });
    return { ok: true, bytes: writeMidi(performance).bytes };
  } catch (error) {
    if (!(error instanceof ScoreError)) throw error;
    const { code, message, errors } = error;
    return { ok: false, refusal: { code, detail: message, errors: [...errors] } };
  }
}
