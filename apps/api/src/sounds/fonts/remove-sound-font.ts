import { realpath } from 'node:fs/promises';
import { fontName, listFontFiles, normalizeName } from '@musistrata/render-core';
import { Problem } from '../../problems/problem.js';
import type { Service } from '../../service.js';
import { takeAway } from '../uploads/take-away.js';

/**
 * Removes the font of a name from the folder of fonts; does nothing when there is no such font.
 * @throws Problem sound-not-removable for the default font, for those of the system, and for those that a catalogue file needs
 */
export async function removeSoundFont(name: string, { config, sounds }: Service): Promise<void> {
  const folder = config.SOUNDFONT_DIR;
  const isNamed = (other: string) => normalizeName(other) === normalizeName(name);
  const paths = folder === undefined ? [] : (await listFontFiles(folder)).filter((path) => isNamed(fontName(path)));
  const byDefault = await realOf(sounds.config.defaultSoundFont ?? '');
  for (const path of paths)
    if ((await realOf(path)) === byDefault) throw Problem.soundNotRemovable(name, 'is the default font of the server');
  if (folder !== undefined && paths.length > 0) return takeAway(folder, paths, name, sounds);
  await sounds.look();
  const font = sounds.catalogue.list().soundFonts.find((listed) => isNamed(listed.name));
  if (font) throw Problem.soundNotRemovable(name, 'is not in the folder that fonts are uploaded to');
}

const realOf = (path: string) => realpath(path).catch(() => path);
