import { parentPort, workerData } from 'node:worker_threads';
import { loadSoundFont, readFontPresets } from '@musistrata/render-core';

/** Says what is wrong with a sound font, or null. */
async function faultOf(path: string): Promise<string | null> {
  try {
    await readFontPresets(path, 'upload');
    await loadSoundFont(path, 'upload');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

parentPort?.postMessage(await faultOf(workerData as string));
