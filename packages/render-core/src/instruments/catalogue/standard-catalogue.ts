import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { CatalogueConfig } from './catalogue-config.js';

/** What an operator sets. */
export interface StandardCatalogueSettings {
  /** Folder of sound fonts of one's own. */
  readonly soundFontFolder?: string | undefined;
  /** Folder of sample folders. */
  readonly samplesFolder?: string | undefined;
  /** Path of the font for General MIDI; the small one that comes along by default. */
  readonly defaultSoundFont?: string | undefined;
  readonly catalogueFiles?: readonly string[] | undefined;
}

/** Where distributions install sound fonts. */
const SYSTEM_FOLDERS = ['/usr/share/sounds/sf2', '/usr/share/sounds/sf3', '/usr/share/soundfonts'];

/** The catalogue that services and command line have in common: fonts of one's own, those of the system, and the one that comes along. */
export function standardCatalogue(settings: StandardCatalogueSettings = {}): CatalogueConfig {
  return {
    defaultSoundFont: settings.defaultSoundFont ?? comesAlong(),
    systemFolders: SYSTEM_FOLDERS,
    ...(settings.soundFontFolder !== undefined && { soundFontFolder: settings.soundFontFolder }),
    ...(settings.samplesFolder !== undefined && { samplesFolder: settings.samplesFolder }),
    ...(settings.catalogueFiles !== undefined && { catalogueFiles: settings.catalogueFiles }),
  };
}

/** Sonivox, the General MIDI font inside alphaTab's package. */
function comesAlong(): string {
  const main = createRequire(import.meta.url).resolve('@coderline/alphatab');
  return join(dirname(main), 'soundfont', 'sonivox.sf2');
}
