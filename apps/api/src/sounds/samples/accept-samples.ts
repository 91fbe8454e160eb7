import { readdir, rename } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { InstrumentError, normalizeName, openCatalogue, readSampleSet } from '@musistrata/render-core';
import { Problem } from '../../problems/problem.js';
import { whileWanted } from '../../renders/client-gone.js';
import type { Service } from '../../service.js';
import type { Sounds } from '../sounds.js';
import { checkInThread } from '../uploads/check-in-thread.js';
import { inTurn } from '../uploads/folder-lock.js';
import { withWorkFolder } from '../uploads/incoming-folder.js';
import { receiveFile } from '../uploads/receive-file.js';
import { describeSamples, type ListedSamples } from './describe-samples.js';
import type { ExtractedSamples, SamplesTask } from './samples-check-thread.js';

const bounds = { seconds: 60, megabytes: 512 };
const thread = new URL('./samples-check-thread.js', import.meta.url);

/** Samples that were taken in, and what of their archive was left out. */
export interface AcceptedSamples extends ListedSamples {
  readonly ignored: string[];
}

/**
 * Takes the samples of an instrument in: the archive to a file of its own, extracted and read through in a thread, and only then offered
 * under its name. Nothing of it is left when it is refused.
 * @param name checked by the route: safe as the name of a folder
 * @throws Problem
 */
export async function acceptSamples(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  service: Service,
): Promise<AcceptedSamples> {
  const { config, sounds } = service;
  const folder = config.SAMPLES_DIR;
  if (folder === undefined) throw Problem.uploadsOff('samples', 'SAMPLES_DIR');
  const limitBytes = config.MAX_SAMPLES_BYTES;
  await sounds.look();
  await refuseTakenName(name, folder, sounds);
  return withWorkFolder(folder, async (own) => {
    const task: SamplesTask = { archive: join(own, 'archive'), folder: join(own, name), mostBytes: limitBytes };
    await receiveFile(request, response, task.archive, { name: 'archive of samples', limitBytes });
    const verdict = await checkInThread<ExtractedSamples>(thread, task, bounds, whileWanted(response, service));
    if (!verdict.ok) {
      if (verdict.tooLarge) throw Problem.bodyTooLarge(verdict.why, limitBytes);
      throw Problem.samplesUnreadable(verdict.why);
    }
    const offered = await inTurn(folder, () => offer(task.folder, name, folder, sounds));
    return { ...offered, ignored: verdict.value.ignored.slice(0, 100) };
  });
}

/** Nothing in the folder and no instrument may have the name, whatever its case and punctuation. */
async function refuseTakenName(name: string, folder: string, sounds: Sounds): Promise<void> {
  const key = normalizeName(name);
  const names = await readdir(folder).catch(() => []);
  const taken = names.find((other) => !other.startsWith('.') && normalizeName(other.replace(/\.sfz$/i, '')) === key);
  if (taken !== undefined) throw Problem.instrumentExists(`The samples folder has "${taken}" already.`);
  const holder = sounds.catalogue.holderOf(name);
  if (holder) throw Problem.instrumentExists(`There is an instrument "${holder.name}" (${holder.origin}) already.`);
}

/** To be called in turn: gives a folder that was read through its name, unless the catalogue could not be opened with it. */
async function offer(extracted: string, name: string, folder: string, sounds: Sounds): Promise<ListedSamples> {
  await sounds.look();
  await refuseTakenName(name, folder, sounds);
  try {
    await openCatalogue({ ...sounds.config, addedSamples: [extracted] });
  } catch (error) {
    if (!(error instanceof InstrumentError)) throw error;
    if (error.code === 'instrument-collision') throw Problem.instrumentExists(error.message);
    throw Problem.samplesUnreadable(error.message.replace(/\.$/, ''));
  }
  const place = join(folder, name);
  await rename(extracted, place);
  try {
    await sounds.refresh();
  } catch (error) {
    await rename(place, extracted);
    throw error;
  }
  return describeSamples(await readSampleSet(place));
}
