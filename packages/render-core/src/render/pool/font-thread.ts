import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { loadSoundFont, type SoundFont } from '../../instruments/sound-font.js';
import { joinKernelMemory } from '../../synth/kernel-memory.js';
import type { WasmMemory } from '../../synth/webassembly.js';
import type { FontReply, FontRequest } from './font-messages.js';

/**
 * Loads sound fonts for all render threads of a process, so that the samples of a font are in memory once and its file is read once.
 * Fonts stay loaded as long as the process lives: the number of fonts of a server is bounded by its folders.
 */
const fonts = new Map<string, Promise<SoundFont>>();

joinKernelMemory(workerData as WasmMemory);

parentPort?.on('message', (port: MessagePort) => {
  port.on('message', async ({ id, path, name }: FontRequest) => {
    port.postMessage(await answer(id, path, name));
  });
});

async function answer(id: number, path: string, name: string): Promise<FontReply> {
  const key = JSON.stringify([path, name]);
  let loading = fonts.get(key);
  if (!loading) {
    loading = loadSoundFont(path, name);
    fonts.set(key, loading);
  }
  try {
    return { id, font: (await loading).share() };
  } catch (error) {
    // A font that could not be read may have been mended by the next time.
    fonts.delete(key);
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
    return { id, error: { message: error instanceof Error ? error.message : String(error), code } };
  }
}
