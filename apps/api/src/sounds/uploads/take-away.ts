import { rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type CatalogueConfig, InstrumentError, openCatalogue } from '@musistrata/render-core';
import { Problem } from '../../problems/problem.js';
import type { Sounds } from '../sounds.js';
import { inTurn } from './folder-lock.js';
import { withWorkFolder } from './incoming-folder.js';

/**
 * Removes files or folders from a folder of sounds, each at once: nobody finds half of one. Those gone meanwhile count as removed.
 * @throws Problem sound-not-removable when the catalogue could not be opened without them: services would not start any more
 */
export async function takeAway(folder: string, paths: readonly string[], name: string, sounds: Sounds): Promise<void> {
  await withWorkFolder(folder, (own) =>
    inTurn(folder, async () => {
      const fault = await faultOf({ ...sounds.config, omitted: paths });
      // A catalogue that is broken anyhow may be mended by the removal, and is not broken by it.
      if (fault !== null && (await faultOf(sounds.config)) === null)
        throw Problem.soundNotRemovable(name, `is needed: ${fault.replace(/\.$/, '')}`);
      for (const [index, path] of paths.entries())
        await rename(path, join(own, `${index} ${basename(path)}`)).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error;
        });
      await sounds.look();
    }),
  );
}

async function faultOf(config: CatalogueConfig): Promise<string | null> {
  try {
    await openCatalogue(config);
    return null;
  } catch (error) {
    if (error instanceof InstrumentError) return error.message;
    throw error;
  }
}
