import type { PresetNumber, SoundSource } from '../sound-source.js';
import type { FoundFonts } from './font-files.js';
import type { CatalogueEntry } from './instrument-names.js';

export interface ListedInstrument {
  readonly name: string;
  readonly kind: SoundSource['kind'];
  /** Where the name comes from. A `substitute` is an old name that a General MIDI instrument stands in for. */
  readonly origin: CatalogueEntry['origin'];
  /** Family of General MIDI instruments, name of the font of presets. */
  readonly group: string | null;
  /** Which preset it is, for sound font instruments. */
  readonly preset: PresetNumber | null;
}

export interface ListedFont {
  readonly name: string;
  readonly bytes: number;
  /** Plays General MIDI names and program changes unless a request names another font. */
  readonly default: boolean;
  readonly presets: readonly (PresetNumber & { readonly name: string })[];
}

/** What a catalogue offers, as JSON data. */
export interface CatalogueListing {
  readonly instruments: readonly ListedInstrument[];
  readonly soundFonts: readonly ListedFont[];
}

export function describeCatalogue(entries: readonly CatalogueEntry[], found: FoundFonts): CatalogueListing {
  return {
    instruments: entries.map(describeInstrument),
    soundFonts: found.fonts.map((font) => ({
      name: font.name,
      bytes: font.bytes,
      default: font.path === found.defaultFont?.path,
      presets: font.presets,
    })),
  };
}

export function describeInstrument({ name, kind, origin, group, reference }: CatalogueEntry): ListedInstrument {
  return { name, kind, origin, group, preset: reference.type === 'preset' ? reference.preset : null };
}
