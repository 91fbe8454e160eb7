import { loadSoundFont, readFontPresets } from '@musistrata/render-core';
import { answerCheck, type Verdict } from '../uploads/check-in-thread.js';

/** Reads a sound font from end to end. */
await answerCheck(async ({ path }: { readonly path: string }): Promise<Verdict<null>> => {
  try {
    await readFontPresets(path, 'upload');
    const { undecodable } = await loadSoundFont(path, 'upload');
    const [first] = undecodable;
    if (first === undefined) return { ok: true, value: null };
    return { ok: false, why: `${undecodable.length} of its samples cannot be decoded, the first is "${first}"` };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
});
