import { listSampleSets, normalizeName } from '@musistrata/render-core';
import { Problem } from '../../problems/problem.js';
import type { Service } from '../../service.js';
import { takeAway } from '../uploads/take-away.js';

/**
 * Removes samples from the samples folder; does nothing when there are none of that name.
 * @throws Problem sound-not-removable for instruments that are not in the folder, and for those that a catalogue file needs
 */
export async function removeSamples(name: string, { config, sounds }: Service): Promise<void> {
  const folder = config.SAMPLES_DIR;
  const key = normalizeName(name);
  const sets = folder === undefined ? [] : await listSampleSets(folder);
  const paths = sets.filter((set) => normalizeName(set.name) === key).map(({ path }) => path);
  if (folder !== undefined && paths.length > 0) return takeAway(folder, paths, name, sounds);
  const holding = sets.find(({ instruments }) =>
    instruments.some((instrument) => normalizeName(instrument.name) === key),
  );
  if (holding) throw Problem.soundNotRemovable(name, `is one of those in "${holding.name}", which go together`);
  await sounds.look();
  const holder = sounds.catalogue.holderOf(name);
  if (holder) throw Problem.soundNotRemovable(holder.name, 'is not in the folder that samples are uploaded to');
}
