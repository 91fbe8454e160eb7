import type { PartOptions } from '../../options/part-options.js';
import type { RenderOptions } from '../../options/render-options.js';
import { GENERAL_MIDI_PROGRAMS, programByName } from '../../score/general-midi.js';
import { nearestNames, normalizeName } from '../../score/names.js';
import type { Part, Performance, Warning } from '../../score/performance.js';
import { DEFAULT_SYNTH, DEFAULT_SYNTH_SEED, TEST_SYNTH, TEST_SYNTH_SEED } from '../formula/seed-recipes.js';
import { InstrumentError, type InstrumentErrorCode, type InstrumentFault } from '../instrument-error.js';
import type { PresetNumber } from '../sound-source.js';
import type { InstrumentWarningCode } from '../warning-codes.js';
import { optionsByPart } from './choose-parts.js';
import { inChosenBank } from './chosen-bank.js';
import { type FontFile, findFont } from './font-files.js';
import type { CatalogueEntry, InstrumentNames, InstrumentReference } from './instrument-names.js';

/** The options of a render that decide about instruments. */
export type InstrumentOptions = Partial<Pick<RenderOptions, 'parts' | 'soundFont' | 'onMissing' | 'pitch'>>;

/** What a part is going to be played with; nothing has been loaded yet. */
export interface PlannedPart {
  readonly part: Part;
  readonly options: PartOptions | null;
  /** Null plays nothing. */
  readonly reference: InstrumentReference | null;
  /** The font for references that name none. */
  readonly font: FontFile | null;
  /** Where the instrument is asked for: in the score or in the options. */
  readonly pointer: string;
}

export interface Plan {
  readonly parts: readonly PlannedPart[];
  readonly warnings: readonly Warning[];
}

/** What a part asks for, from the request or from the score. */
interface Wanted {
  readonly name: string | null;
  readonly program: number | null;
  readonly bank: number;
  readonly pointer: string;
}

/** Faults that come with the nearest names, which cost time: a hostile score has thousands of them. */
const MOST_SUGGESTIONS = 100;

/** The most important first. */
const CODES: readonly InstrumentErrorCode[] = [
  'unknown-instrument',
  'unknown-sound-font',
  'unknown-part',
  'part-set-twice',
];

/** Finds an instrument for every part of a performance. */
export class PartResolver {
  private readonly faults: InstrumentFault[] = [];
  private readonly warnings: Warning[] = [];
  private readonly codes = new Set<InstrumentErrorCode>();

  constructor(
    private readonly names: InstrumentNames,
    private readonly fonts: readonly FontFile[],
    private readonly defaultFont: FontFile | null,
    private readonly options: InstrumentOptions,
  ) {}

  /**
   * Throws InstrumentError with every fault at its place. Its code is the first that fits of `unknown-instrument`, `unknown-sound-font`, `unknown-part`
   * and `part-set-twice`.
   */
  resolve({ parts }: Performance): Plan {
    const requested = this.font(this.options.soundFont, '/soundFont', this.defaultFont);
    const chosen = optionsByPart(parts, this.options.parts ?? [], (code, pointer, message) =>
      this.fault(code, pointer, message),
    );
    const planned = parts.map((part): PlannedPart => {
      const own = chosen[part.index];
      const options = own?.options ?? null;
      const font = this.font(options?.soundFont, `/parts/${own?.index}/soundFont`, requested);
      const reference = this.reference(part, options, own?.index ?? 0, font);
      const pointer = wantedBy(part, options, own?.index ?? 0)?.pointer ?? `/parts/${part.index}`;
      return { part: inChosenBank(part, options), options, reference, font, pointer };
    });
    if (this.faults.length > 0) {
      const code = CODES.find((known) => this.codes.has(known)) ?? 'unknown-instrument';
      throw new InstrumentError(code, this.faults[0]!.message, this.faults);
    }
    return { parts: planned, warnings: this.warnings };
  }

  private font(name: string | undefined, pointer: string, otherwise: FontFile | null): FontFile | null {
    if (name === undefined) return otherwise;
    const found = findFont(name, this.fonts);
    if (found !== null) return found;
    const near = nearestNames(
      name,
      this.fonts.map((font) => font.name),
    );
    const message = `There is no sound font "${name}"${suggestion(near)}.`;
    if (this.options.onMissing === undefined || this.options.onMissing === 'fail')
      this.fault('unknown-sound-font', pointer, message);
    else this.warn('sound-font-substituted', `${message} ${otherwise?.name ?? 'Nothing'} plays instead.`, pointer);
    return otherwise;
  }

  private reference(
    part: Part,
    options: PartOptions | null,
    optionIndex: number,
    font: FontFile | null,
  ): InstrumentReference | null {
    const wanted = wantedBy(part, options, optionIndex);
    const follows: InstrumentReference = { type: 'preset', soundFont: null, preset: null };
    if (wanted === null || (wanted.name === null && wanted.program === null)) {
      if (wanted === null) return this.withFont(part, follows, font, `/parts/${part.index}`);
      return this.unnamed(part, wanted, font);
    }
    if (wanted.name === null) {
      const program = wanted.program!;
      const { bank, pointer } = wanted;
      const reference = part.percussion ? this.kit(program, font, pointer) : this.preset(program, bank, font, pointer);
      return this.withFont(part, reference, font, pointer);
    }
    const entry = this.names.find(wanted.name);
    const preset = entry === null || entry.origin === 'sound-font' ? presetNamed(wanted.name, font) : null;
    if (preset !== null) return { type: 'preset', soundFont: null, preset };
    if (entry === null) return this.missing(part, wanted, font);
    return this.withFont(part, this.played(part, entry, wanted, font), font, wanted.pointer);
  }

  /** The score has a place for the name of an instrument, but none stands there: drums and pianos. */
  private unnamed(part: Part, { bank, pointer }: Wanted, font: FontFile | null): InstrumentReference | null {
    if (part.percussion) return this.withFont(part, this.kit(0, font, pointer), font, pointer);
    const reference = this.withFont(part, this.preset(0, bank, font, pointer), font, pointer);
    if (reference !== null && sounds(part)) {
      this.warn(
        'instrument-unnamed',
        `"${part.name}" names no instrument; "${GENERAL_MIDI_PROGRAMS[0]}" plays it.`,
        pointer,
      );
    }
    return reference;
  }

  /** What an entry of the catalogue means for a part. */
  private played(part: Part, entry: CatalogueEntry, wanted: Wanted, font: FontFile | null): InstrumentReference {
    const { reference, origin } = entry;
    if (reference.type === 'formula' && this.options.pitch === 'seed') return seedRecipe(reference);
    if (reference.type !== 'preset' || reference.preset === null || reference.soundFont !== null) return reference;
    const { program, percussion } = reference.preset;
    if (percussion) return this.kit(program, font, wanted.pointer);
    if (part.percussion) {
      const message = `"${wanted.name}" is not a drum kit; the standard kit plays "${part.name}".`;
      this.warn('drum-kit-substituted', message, wanted.pointer);
      return this.kit(0, font, wanted.pointer);
    }
    if (origin === 'substitute') {
      const message =
        `There is no sample folder "${entry.name}" on this server; the General MIDI instrument ` +
        `"${GENERAL_MIDI_PROGRAMS[program]}" plays "${part.name}" instead.`;
      this.warn('instrument-substituted', message, wanted.pointer);
    }
    return this.preset(program, wanted.bank, font, wanted.pointer);
  }

  /** A bank that the font lacks falls back to bank 0. Banks above 127 are both halves of the controller pair in one number. */
  private preset(program: number, bank: number, font: FontFile | null, pointer: string): InstrumentReference {
    const number = bank > 127 ? bank >> 7 || bank & 127 : bank;
    const has = (wanted: number) =>
      font === null ||
      font.presets.some((preset) => !preset.percussion && preset.bank === wanted && preset.program === program);
    const usable = number === 0 || has(number);
    if (!usable) {
      const message = `The sound font ${font?.name} has no program ${program} in bank ${bank}; bank 0 plays instead.`;
      this.warn('bank-substituted', message, pointer);
    }
    return { type: 'preset', soundFont: null, preset: { bank: usable ? number : 0, program, percussion: false } };
  }

  private kit(program: number, font: FontFile | null, pointer: string): InstrumentReference {
    const has = font?.presets.some((preset) => preset.percussion && preset.program === program) ?? true;
    if (!has && program !== 0) {
      this.warn(
        'drum-kit-substituted',
        `The sound font ${font?.name} has no drum kit ${program}; the standard kit plays instead.`,
        pointer,
      );
    }
    return { type: 'preset', soundFont: null, preset: { bank: 0, program: has ? program : 0, percussion: true } };
  }

  private missing(part: Part, wanted: Wanted, font: FontFile | null): InstrumentReference | null {
    const { name, pointer } = wanted;
    if (!sounds(part)) return null;
    const near = this.faults.length < MOST_SUGGESTIONS ? this.names.nearest(name!) : [];
    const message = `There is no instrument "${name}"${suggestion(near)}.`;
    switch (this.options.onMissing) {
      case 'skip':
        this.warn('part-skipped', `${message} The part "${part.name}" is left out.`, pointer);
        return null;
      case 'substitute': {
        const program = near.map((candidate) => programByName(candidate)).find((found) => found !== null) ?? 0;
        const plays = part.percussion ? 'the standard drum kit' : `"${GENERAL_MIDI_PROGRAMS[program]}"`;
        this.warn('instrument-substituted', `${message} ${plays} plays "${part.name}" instead.`, pointer);
        const reference = part.percussion
          ? this.kit(0, font, pointer)
          : this.preset(program, wanted.bank, font, pointer);
        return this.withFont(part, reference, font, pointer);
      }
      default:
        this.fault('unknown-instrument', pointer, message);
        return null;
    }
  }

  /** References to the request's font need one. */
  private withFont(
    part: Part,
    reference: InstrumentReference,
    font: FontFile | null,
    pointer: string,
  ): InstrumentReference | null {
    if (reference.type !== 'preset' || reference.soundFont !== null || font !== null) return reference;
    if (!sounds(part)) return null;
    const message = `This server has no sound font to play "${part.name}" with.`;
    if (this.options.onMissing === 'skip') this.warn('part-skipped', `${message} It is left out.`, pointer);
    else this.fault('unknown-instrument', pointer, message);
    return null;
  }

  private fault(code: InstrumentErrorCode, pointer: string, message: string): void {
    this.codes.add(code);
    this.faults.push({ pointer, message });
  }

  private warn(code: InstrumentWarningCode, message: string, pointer: string): void {
    this.warnings.push({ code, message, pointer });
  }
}

function wantedBy(part: Part, options: PartOptions | null, optionIndex: number): Wanted | null {
  const bank = options?.bank;
  if (options?.instrument !== undefined) {
    const { instrument } = options;
    const pointer = `/parts/${optionIndex}/instrument`;
    return typeof instrument === 'number'
      ? { name: null, program: instrument, bank: bank ?? 0, pointer }
      : { name: instrument, program: null, bank: bank ?? 0, pointer };
  }
  if (part.instrument === null) return null;
  const { name, program } = part.instrument;
  const pointer = part.instrument.pointer ?? `/parts/${part.index}/instrument`;
  return { name: name === '' ? null : name, program, bank: bank ?? part.instrument.bank, pointer };
}

/** A preset of the font in use by its own name: before those of other fonts. */
function presetNamed(name: string, font: FontFile | null): PresetNumber | null {
  const found = font?.presets.find((preset) => normalizeName(preset.name) === normalizeName(name));
  if (found === undefined) return null;
  const { bank, program, percussion } = found;
  return { bank, program, percussion };
}

/** A part without sounding notes may ask for anything. */
function sounds(part: Part): boolean {
  return part.events.some((event) => event.kind === 'note' && event.velocity > 0);
}

function suggestion(near: readonly string[]): string {
  return near.length === 0 ? '' : `; the nearest are ${near.map((name) => `"${name}"`).join(', ')}`;
}

/** The old synthesizers at the pitch that they really had, where the request asks for everything as it was. */
function seedRecipe(reference: InstrumentReference & { type: 'formula' }): InstrumentReference {
  if (reference.definition === DEFAULT_SYNTH) return { type: 'formula', definition: DEFAULT_SYNTH_SEED };
  if (reference.definition === TEST_SYNTH) return { type: 'formula', definition: TEST_SYNTH_SEED };
  return reference;
}
