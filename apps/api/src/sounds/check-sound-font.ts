import { Worker } from 'node:worker_threads';
import { Problem } from '../problems/problem.js';

/**
 * Reads a sound font from end to end in a thread of its own, which a hostile file can neither hold up nor bring down.
 * @throws Problem soundfont-unreadable
 */
export async function checkSoundFont(path: string, seconds: number): Promise<void> {
  const thread = new Worker(new URL('./font-check-thread.js', import.meta.url), {
    workerData: path,
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  let deadline: NodeJS.Timeout | undefined;
  try {
    const fault = await new Promise<string | null>((resolve) => {
      deadline = setTimeout(() => resolve(`reading it takes more than ${seconds} s`), seconds * 1000);
      thread.once('message', (message: string | null) => resolve(message));
      thread.once('error', () => resolve('reading it takes more memory than allowed, or fails'));
      thread.once('exit', () => resolve('it cannot be read'));
    });
    if (fault !== null) throw Problem.soundFontUnreadable(fault);
  } finally {
    clearTimeout(deadline);
    await thread.terminate();
  }
}
