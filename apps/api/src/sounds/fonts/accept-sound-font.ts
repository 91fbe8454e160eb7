import { link, open, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fontName, type ListedFont, listFontFiles, normalizeName } from '@musistrata/render-core';
import { Problem } from '../../problems/problem.js';
import { whileWanted } from '../../renders/client-gone.js';
import type { Service } from '../../service.js';
import { checkInThread } from '../uploads/check-in-thread.js';
import { inTurn } from '../uploads/folder-lock.js';
import { withWorkFolder } from '../uploads/incoming-folder.js';
import { receiveFile } from '../uploads/receive-file.js';

const bounds = { seconds: 60, megabytes: 1024 };
const thread = new URL('./font-check-thread.js', import.meta.url);

/**
 * Takes a sound font in: to a file of its own, read through in a thread, and only then under its name. Nothing of it is left when it is refused.
 * @param name checked by the route: safe as a file name
 * @throws Problem
 */
export async function acceptSoundFont(
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
  service: Service,
): Promise<ListedFont> {
  const { config, sounds } = service;
  const folder = config.SOUNDFONT_DIR;
  if (folder === undefined) throw Problem.uploadsOff('sound fonts', 'SOUNDFONT_DIR');
  await sounds.look();
  if (find(sounds.catalogue.list().soundFonts, name)) throw Problem.soundFontExists(name);
  return withWorkFolder(folder, async (own) => {
    const path = join(own, 'font');
    await receiveFile(request, response, path, { name: 'sound font', limitBytes: config.MAX_SOUNDFONT_BYTES });
    const extension = await extensionOf(path);
    const verdict = await checkInThread(thread, { path }, bounds, whileWanted(response, service));
    if (!verdict.ok) throw Problem.soundFontUnreadable(verdict.why);
    return inTurn(folder, async () => {
      const taken = (await listFontFiles(folder)).map(fontName);
      if (taken.some((other) => isSame(other, name))) throw Problem.soundFontExists(name);
      const place = join(folder, `${name}.${extension}`);
      await link(path, place);
      try {
        await sounds.refresh();
        const font = find(sounds.catalogue.list().soundFonts, name);
        if (!font) throw Problem.soundFontUnreadable('its presets cannot be listed');
        return font;
      } catch (error) {
        await rm(place, { force: true });
        throw error;
      }
    });
  });
}

/** Names that a catalogue cannot tell apart. */
const isSame = (one: string, other: string) => normalizeName(one) === normalizeName(other);

const find = (fonts: readonly ListedFont[], name: string) => fonts.find((font) => isSame(font.name, name));

/** By the form of its RIFF chunk (SF2.04 section 4.2, DLS 2.2 section 2.3). */
async function extensionOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(12), 0, 12, 0);
    const form = buffer.toString('latin1', 8, 12);
    if (buffer.toString('latin1', 0, 4) === 'RIFF' && form === 'sfbk') return 'sf2';
    if (buffer.toString('latin1', 0, 4) === 'RIFF' && form === 'DLS ') return 'dls';
  } finally {
    await file.close();
  }
  throw Problem.soundFontUnreadable('it is neither SF2, SF3 nor DLS');
}
