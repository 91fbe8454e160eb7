import { createHash } from 'node:crypto';
import type { KernelMemory } from '../kernel-memory.js';
import type { FontBytes } from './font-bytes.js';
import { readParsedBank } from './read-parsed-bank.js';
import { type LoadedBank, readSoundFont } from './read-sound-font.js';
import { readOutline } from './riff.js';
import { tooLarge, unreadable } from './sound-font-error.js';
import { isSoundFont, readSoundFontFile } from './sound-font-file.js';

/** What a compressed font may have, which is in memory several times over while it is decoded. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * Reads an SF2, SF3 or DLS bank and puts its samples into kernel memory, once.
 *
 * @throws SoundFontError for anything that is not a bank or too large to be one
 */
export async function readBank(bytes: FontBytes, memory: KernelMemory): Promise<LoadedBank> {
  const outline = await readOutline(bytes);
  let extended = false;
  if (isSoundFont(outline)) {
    const file = await readSoundFontFile(bytes, outline);
    if (!file.hydra.samples.some(({ compressed }) => compressed)) return readSoundFont(bytes, file, memory);
    extended = file.hydra.extended;
  }
  if (outline.wide) unreadable('chunks with sizes of 64 bits are read in uncompressed sound fonts only');
  if (bytes.size > MOST_BYTES) tooLarge(`${bytes.size} bytes, at most ${MOST_BYTES}`);
  const all = await bytes.read(0, bytes.size);
  const identity = createHash('sha256').update(all).digest('hex');
  return { ...(await readParsedBank(all, extended, memory)), identity };
}
