import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { nearestNames } from '../../score/names.js';
import type { Performance, Warning } from '../../score/performance.js';
import { DEFAULT_SYNTH, DEFAULT_SYNTH_SEED, TEST_SYNTH, TEST_SYNTH_SEED } from '../formula/seed-recipes.js';
import { InstrumentError, type InstrumentErrorCode, type InstrumentFault } from '../instrument-error.js';
import type { LayersDefinition } from '../layers/layers-definition.js';
import type { ResolvedPart } from '../resolved-part.js';
import { loadSoundFont } from '../sound-font.js';
import type { CatalogueConfig } from './catalogue-config.js';
import type { InstrumentDefinition } from './catalogue-file.js';
import {
  type CatalogueListing,
  describeCatalogue,
  describeInstrument,
  type ListedInstrument,
} from './describe-catalogue.js';
import { type FontFile, type FoundFonts, findFont, findFonts } from './font-files.js';
import { type CatalogueEntry, InstrumentNames, type InstrumentReference } from './instrument-names.js';
import { checkLayers } from './layer-cycles.js';
import { type InstrumentOptions, PartResolver, type Plan } from './resolve-parts.js';
import { listSampleSets, readSampleSet, type SampleSet } from './sample-folders.js';
import { SEED_FONT_PIANO } from './seed-names.js';
import { type FontLoader, SourceLoader } from './source-loader.js';

export type { CatalogueConfig } from './catalogue-config.js';

/** A plan with everything that plays it loaded. */
export interface ResolvedPlan {
  readonly parts: ResolvedPart[];
  readonly warnings: readonly Warning[];
  /** {@link Catalogue.identity} of what has been loaded, whatever has become of the files since. */
  readonly identity: () => Promise<string>;
}

/** Everything that a server can play, by name. */
export class Catalogue {
  private readonly loader: SourceLoader;

  /** Use {@link openCatalogue}. */
  constructor(
    private readonly names: InstrumentNames,
    private readonly found: FoundFonts,
    config: CatalogueConfig,
    loadFont: FontLoader,
  ) {
    this.loader = new SourceLoader({
      fonts: found.fonts,
      loadFont,
      sampleCacheBytes: config.sampleCacheBytes,
      fontCacheBytes: config.fontCacheBytes,
      referenceOf: (instrument) => this.referenceOf(instrument),
    });
  }

  /** Things that were left out because they cannot be used, in words. */
  get problems(): readonly string[] {
    return this.found.problems;
  }

  /** All instruments and sound fonts as plain data. */
  list(): CatalogueListing {
    return describeCatalogue(this.names.list(), this.found);
  }

  /** The instrument for whose sake another one could not have a name; null when it could. */
  holderOf(name: string): ListedInstrument | null {
    const holder = this.names.holderOf(name);
    return holder === null ? null : describeInstrument(holder);
  }

  /**
   * Finds an instrument for every part, without loading anything: what the API needs to accept or refuse a request.
   * Throws InstrumentError `unknown-instrument`, `unknown-sound-font` or `unknown-part` with a JSON pointer for every fault: into the score for what the score
   * asks, `/parts/...` and `/soundFont` for the request's options.
   */
  plan(performance: Performance, options: InstrumentOptions = {}): Plan {
    return new PartResolver(this.names, this.found.fonts, this.found.defaultFont, options).resolve(performance);
  }

  /** As {@link plan}, and loads the sources. Throws also for instruments that turn out to be unusable. */
  async resolve(performance: Performance, options: InstrumentOptions = {}): Promise<ResolvedPlan> {
    return this.load(this.plan(performance, options));
  }

  /** Loads the sources of a plan. Throws InstrumentError for those that turn out to be unusable. */
  async load(plan: Plan): Promise<ResolvedPlan> {
    const sounds = await eachPart(plan, (reference, font) => this.loader.load(reference, font));
    const parts = plan.parts.map(
      ({ part, options: own }, index): ResolvedPart => ({
        part,
        source: sounds[index]?.source ?? null,
        preset: sounds[index]?.preset ?? null,
        gainDb: own?.gainDb ?? 0,
        pan: own?.pan ?? null,
        mute: own?.mute ?? false,
        solo: own?.solo ?? false,
        reverbSend: own?.reverbSend ?? 1,
        chorusSend: own?.chorusSend ?? 1,
        effects: own?.effects ?? [],
      }),
    );
    return {
      parts,
      warnings: plan.warnings,
      identity: async () =>
        identityOf(
          await Promise.all(
            plan.parts.map(({ reference, font }, index) => {
              const source = sounds[index]?.source;
              return reference && source ? this.loader.loadedIdentity(reference, font, source) : null;
            }),
          ),
        ),
    };
  }

  /**
   * A digest of everything that the parts of a performance are played with (samples, formulas, presets): equal on every machine that
   * has equal files. Fonts and samples are read through once; their digests are remembered. Throws as {@link resolve} does, except for
   * fonts that turn out to be broken.
   */
  async identity(performance: Performance, options: InstrumentOptions = {}): Promise<string> {
    const plan = this.plan(performance, options);
    const used = await eachPart(plan, (reference, font) => this.loader.identity(reference, font));
    return identityOf(used);
  }

  private referenceOf(instrument: string | number): InstrumentReference {
    if (typeof instrument === 'number') {
      return { type: 'preset', soundFont: null, preset: { bank: 0, program: instrument, percussion: false } };
    }
    const entry = this.names.find(instrument);
    if (entry !== null) return entry.reference;
    throw new InstrumentError('unknown-instrument', `There is no instrument "${instrument}".`);
  }
}

/**
 * Reads what a configuration offers: catalogue files, the names of sample folders and the headers of fonts. Sounds are loaded when they are
 * first used. `loadFont` loads a sound font file; processes that share fonts between threads bring their own.
 *
 * Throws InstrumentError when a catalogue file or the default font cannot be used, when two instruments have one name (naming both) and
 * when layers contain themselves (naming the cycle).
 */
export async function openCatalogue(config: CatalogueConfig, loadFont: FontLoader = loadSoundFont): Promise<Catalogue> {
  const names = new InstrumentNames();
  const found = await findFonts(config);
  for (const entry of builtIn()) names.add(entry);
  for (const { instruments } of await sampleSets(config)) {
    for (const reference of instruments) {
      names.add({ name: reference.name, kind: 'samples', origin: 'samples-folder', reference, group: null });
    }
  }
  const layered: LayersDefinition[] = [];
  for (const path of config.catalogueFiles ?? []) {
    // Few have such files, and reading them takes much code.
    const [{ readCatalogueFile }, { checkFormula }] = await Promise.all([
      import('./catalogue-file.js'),
      import('./check-formula.js'),
    ]);
    for (const definition of await readCatalogueFile(path)) {
      names.add(entryOf(definition, found));
      if (definition.type === 'formula') checkFormula(definition);
      if (definition.type === 'layers') layered.push(definition);
    }
  }
  for (const font of found.fonts) names.addFont(font);
  checkLayers(names, layered);
  return new Catalogue(names, found, config, loadFont);
}

async function sampleSets({ samplesFolder, addedSamples = [], omitted }: CatalogueConfig): Promise<SampleSet[]> {
  const found = samplesFolder === undefined ? [] : await listSampleSets(samplesFolder, omitted);
  return [...found, ...(await Promise.all(addedSamples.map(readSampleSet)))];
}

function identityOf(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Does something with the instrument of each part, and gathers what is wrong with them at the places where they are asked for. */
async function eachPart<T>(
  { parts }: Plan,
  work: (reference: InstrumentReference, font: FontFile | null) => Promise<T>,
): Promise<(T | null)[]> {
  const faults: InstrumentFault[] = [];
  const done: (T | null)[] = [];
  let code: InstrumentErrorCode = 'unknown-instrument';
  for (const { reference, font, pointer } of parts) {
    try {
      done.push(reference === null ? null : await work(reference, font));
    } catch (error) {
      if (!(error instanceof InstrumentError)) throw error;
      code = error.code;
      faults.push({ pointer, message: error.message });
    }
  }
  if (faults.length > 0) throw new InstrumentError(code, faults.map(({ message }) => message).join(' '), faults);
  return done;
}

function builtIn(): CatalogueEntry[] {
  const synths = [DEFAULT_SYNTH, TEST_SYNTH, DEFAULT_SYNTH_SEED, TEST_SYNTH_SEED].map(
    (definition): CatalogueEntry => ({
      name: definition.name,
      kind: 'formula',
      origin: 'built-in',
      reference: { type: 'formula', definition },
      group: null,
    }),
  );
  const preset = { bank: 0, program: 0, percussion: false };
  const reference: InstrumentReference = { type: 'preset', soundFont: null, preset };
  return [...synths, { name: SEED_FONT_PIANO, kind: 'soundfont', origin: 'built-in', reference, group: null }];
}

function entryOf(definition: InstrumentDefinition, { fonts }: FoundFonts): CatalogueEntry {
  const entry = { name: definition.name, origin: 'catalogue', group: null } as const;
  switch (definition.type) {
    case 'formula':
      return { ...entry, kind: 'formula', reference: { type: 'formula', definition } };
    case 'layers':
      return { ...entry, kind: 'layers', reference: { type: 'layers', definition } };
    case 'samples': {
      const { folder, name } = definition;
      return { ...entry, kind: 'samples', reference: { type: 'samples', folder, name } };
    }
    case 'sfz': {
      const { file, name, root = dirname(file) } = definition;
      return { ...entry, kind: 'samples', reference: { type: 'sfz', file, name, root } };
    }
    case 'preset': {
      const { bank, program, percussion } = definition;
      const preset = { bank, program, percussion };
      const soundFont =
        definition.soundFont === undefined ? null : fontNamed(definition.soundFont, fonts, definition.name);
      return { ...entry, kind: 'soundfont', reference: { type: 'preset', soundFont, preset } };
    }
  }
}

function fontNamed(name: string, fonts: FoundFonts['fonts'], instrument: string): string {
  const font = findFont(name, fonts);
  if (font !== null) return font.name;
  const near = nearestNames(
    name,
    fonts.map((other) => other.name),
  );
  const message = `The instrument "${instrument}" needs the sound font "${name}", which is not there; there are ${near.join(', ') || 'none'}.`;
  throw new InstrumentError('invalid-catalogue', message, [{ pointer: '', message }]);
}
