import {
  DRUM_KITS,
  drumKitByName,
  GENERAL_MIDI_PROGRAMS,
  programByName,
  programFamily,
} from '../../score/general-midi.js';
import { nearestNames, normalizeName } from '../../score/names.js';
import type { FormulaDefinition } from '../formula/formula-definition.js';
import { InstrumentError } from '../instrument-error.js';
import type { LayersDefinition } from '../layers/layers-definition.js';
import type { PresetNumber, SoundSource } from '../sound-source.js';
import type { FontFile } from './font-files.js';
import { SEED_SAMPLE_NAMES } from './seed-names.js';

/** What an instrument is made of. Plain data. */
export type InstrumentReference =
  /** A preset of a font; null is the font that the request uses, preset null follows the part's own program changes. */
  | { readonly type: 'preset'; readonly soundFont: string | null; readonly preset: PresetNumber | null }
  | { readonly type: 'samples'; readonly folder: string; readonly name: string }
  /** `root` is the folder that nothing may leave. */
  | { readonly type: 'sfz'; readonly file: string; readonly root: string; readonly name: string }
  | { readonly type: 'formula'; readonly definition: FormulaDefinition }
  | { readonly type: 'layers'; readonly definition: LayersDefinition };

export interface CatalogueEntry {
  readonly name: string;
  readonly kind: SoundSource['kind'];
  /** Where the name comes from: for messages and lists. */
  readonly origin:
    | 'general-midi'
    | 'drum-kit'
    | 'sound-font'
    | 'samples-folder'
    | 'catalogue'
    | 'built-in'
    | 'substitute';
  readonly reference: InstrumentReference;
  /** Family of General MIDI instruments, name of the font of presets. */
  readonly group: string | null;
}

const REMEMBERED_SUGGESTIONS = 1000;

/** Every name that the catalogue knows. Case, spaces and punctuation do not matter. */
export class InstrumentNames {
  private readonly own = new Map<string, CatalogueEntry>();
  private readonly presets = new Map<string, CatalogueEntry>();
  private readonly fontPresets: CatalogueEntry[] = [];
  private readonly suggestions = new Map<string, string[]>();

  /** Throws InstrumentError `instrument-collision`, naming both, when the name is taken. */
  add(entry: CatalogueEntry): void {
    const key = normalizeName(entry.name);
    const taken = this.holderOf(entry.name);
    if (taken !== null) {
      const message =
        `Two instruments have the same name: "${entry.name}" (${entry.origin}) and "${taken.name}" (${taken.origin}). ` +
        'Case, spaces and punctuation do not tell names apart. Rename one.';
      throw new InstrumentError('instrument-collision', message, [{ pointer: entry.name, message }]);
    }
    if (key === '') {
      const message = `The instrument name "${entry.name}" has no letters or digits.`;
      throw new InstrumentError('invalid-catalogue', message, [{ pointer: '', message }]);
    }
    this.own.set(key, entry);
  }

  /** The entry that keeps others from having a name; null when it is free. */
  holderOf(name: string): CatalogueEntry | null {
    const own = this.own.get(normalizeName(name));
    if (own !== undefined) return own;
    return isSeedSampleName(name) ? null : generalMidiEntry(name);
  }

  /** Makes the presets of a font known as "font/preset", and by their own names where those are free. Fonts added first win. */
  addFont(font: FontFile): void {
    for (const { name, ...preset } of font.presets) {
      const entry: CatalogueEntry = {
        name: `${font.name}/${name}`,
        kind: 'soundfont',
        origin: 'sound-font',
        reference: { type: 'preset', soundFont: font.name, preset },
        group: font.name,
      };
      this.fontPresets.push(entry);
      for (const known of [entry.name, name]) {
        const key = normalizeName(known);
        if (key !== '' && !this.presets.has(key)) this.presets.set(key, entry);
      }
    }
  }

  /** The instrument of a name; null when there is none. */
  find(name: string): CatalogueEntry | null {
    const key = normalizeName(name);
    return this.own.get(key) ?? generalMidiEntry(name) ?? seedSampleEntry(name) ?? this.presets.get(key) ?? null;
  }

  /** Names that are most like one that is not known. Comparing takes a while, and names come from clients: the last few are remembered. */
  nearest(name: string): string[] {
    const key = normalizeName(name);
    const known = this.suggestions.get(key);
    if (known !== undefined) return known;
    const found = nearestNames(name, this.names());
    if (this.suggestions.size >= REMEMBERED_SUGGESTIONS) this.suggestions.clear();
    this.suggestions.set(key, found);
    return found;
  }

  /** Own entries, then General MIDI, then the presets of all fonts. */
  list(): CatalogueEntry[] {
    const listed = new Map(this.own);
    const add = (name: string, entry: CatalogueEntry) => {
      if (!listed.has(normalizeName(name))) listed.set(normalizeName(name), entry);
    };
    for (const name of [...GENERAL_MIDI_PROGRAMS, ...DRUM_KITS.values()]) add(name, generalMidiEntry(name)!);
    for (const name of Object.keys(SEED_SAMPLE_NAMES)) add(name, seedSampleEntry(name)!);
    return [...listed.values(), ...this.fontPresets];
  }

  private *names(): Iterable<string> {
    for (const entry of this.own.values()) yield entry.name;
    yield* GENERAL_MIDI_PROGRAMS;
    yield* DRUM_KITS.values();
    yield* Object.keys(SEED_SAMPLE_NAMES);
  }
}

function isSeedSampleName(name: string): boolean {
  return seedSampleEntry(name) !== null;
}

function generalMidiEntry(name: string): CatalogueEntry | null {
  const program = programByName(name);
  if (program !== null) return programEntry(GENERAL_MIDI_PROGRAMS[program]!, program, 'general-midi');
  const kit = drumKitByName(name);
  if (kit === null) return null;
  const preset = { bank: 0, program: kit, percussion: true };
  return {
    name: DRUM_KITS.get(kit)!,
    kind: 'soundfont',
    origin: 'drum-kit',
    reference: { type: 'preset', soundFont: null, preset },
    group: 'Drum Kits',
  };
}

const seedSamples = new Map(
  Object.entries(SEED_SAMPLE_NAMES).map(([name, program]) => [normalizeName(name), [name, program] as const]),
);

function seedSampleEntry(name: string): CatalogueEntry | null {
  const [seedName, program] = seedSamples.get(normalizeName(name)) ?? [];
  return seedName === undefined || program === undefined ? null : programEntry(seedName, program, 'substitute');
}

function programEntry(name: string, program: number, origin: CatalogueEntry['origin']): CatalogueEntry {
  const preset = { bank: 0, program, percussion: false };
  return {
    name,
    kind: 'soundfont',
    origin,
    reference: { type: 'preset', soundFont: null, preset },
    group: programFamily(program),
  };
}
