import type { BankData, PresetData, RegionData, SampleData, ZoneData, ZoneList } from './bank-data.js';
import { clampGenerator, GENERATOR_DEFAULTS, isGenerator, isInstrumentOnly } from './generators.js';
import { isSameModulator, type Modulator } from './modulators.js';

/** Everything a preset says about one of its voices: a preset zone and an instrument zone put together (SF2.04 9.4). */
export class Articulation {
  /** Position in its preset. */
  readonly index: number;
  readonly lowKey: number;
  readonly highKey: number;
  readonly lowVelocity: number;
  readonly highVelocity: number;
  readonly sample: SampleData;
  readonly region: RegionData;
  readonly #zones: Zones;
  #generators: Float64Array | null = null;
  #modulators: readonly Modulator[] | null = null;

  constructor(index: number, zones: Zones, sample: SampleData, region: RegionData) {
    const { presetZone, zone } = zones;
    this.index = index;
    this.lowKey = Math.max(presetZone.lowKey, zone.lowKey);
    this.highKey = Math.min(presetZone.highKey, zone.highKey);
    this.lowVelocity = Math.max(presetZone.lowVelocity, zone.lowVelocity);
    this.highVelocity = Math.min(presetZone.highVelocity, zone.highVelocity);
    this.sample = sample;
    this.region = region;
    this.#zones = zones;
  }

  /** Indexed by generator number. Put together when a note first asks: a score uses few of a preset's zones. */
  get generators(): Float64Array {
    this.#generators ??= sumGenerators(this.#zones);
    return this.#generators;
  }

  get modulators(): readonly Modulator[] {
    this.#modulators ??= sumModulators(this.#zones);
    return this.#modulators;
  }
}

/** What an articulation is made from. */
interface Zones {
  readonly preset: PresetData;
  readonly presetZone: ZoneData;
  readonly instrument: ZoneList;
  readonly zone: ZoneData;
  readonly defaultModulators: readonly Modulator[];
}

/** Most voices' worth of zones in one preset: far more than any real font has, and little enough to search. */
const MOST_ARTICULATIONS = 32768;

/** The articulations of a preset, in the order of its zones. */
export function articulate(bank: BankData, preset: PresetData): Articulation[] {
  const articulations: Articulation[] = [];
  for (const presetZone of preset.zones) {
    const instrument = bank.instruments[presetZone.target];
    if (instrument === undefined) continue;
    for (const zone of instrument.zones) {
      const region = bank.regions[zone.target];
      const sample = region && bank.samples[region.sample];
      if (region === undefined || sample === undefined || region.end <= region.start) continue;
      const zones = { preset, presetZone, instrument, zone, defaultModulators: bank.defaultModulators };
      const articulation = new Articulation(articulations.length, zones, sample, region);
      if (articulation.lowKey > articulation.highKey || articulation.lowVelocity > articulation.highVelocity) continue;
      if (articulations.length === MOST_ARTICULATIONS) return articulations;
      articulations.push(articulation);
    }
  }
  return articulations;
}

/** Instrument zones replace defaults, preset zones add to them; a local zone replaces its global one (SF2.04 9.4). */
function sumGenerators({ preset, presetZone, instrument, zone }: Zones): Float64Array {
  const values = new Float64Array(GENERATOR_DEFAULTS);
  for (const [generator, value] of instrument.global?.generators ?? []) values[generator] = value;
  for (const [generator, value] of zone.generators) values[generator] = value;
  const added = new Float64Array(values.length);
  for (const [generator, value] of preset.global?.generators ?? []) added[generator] = value;
  for (const [generator, value] of presetZone.generators) added[generator] = value;
  for (let generator = 0; generator < values.length; generator++) {
    if (!isGenerator(generator)) continue;
    const addition = added[generator]!;
    const sum = values[generator]! + (addition === 0 || isInstrumentOnly(generator) ? 0 : addition);
    values[generator] = clampGenerator(generator, sum);
  }
  return values;
}

/** Instrument modulators replace defaults, preset modulators add to them (SF2.04 9.5.1). */
function sumModulators({ preset, presetZone, instrument, zone, defaultModulators }: Zones): Modulator[] {
  const sum = replaceSame(replaceSame(defaultModulators, instrument.global?.modulators ?? []), zone.modulators);
  const added = replaceSame(preset.global?.modulators ?? [], presetZone.modulators);
  for (const modulator of added) {
    const at = sum.findIndex((other) => isSameModulator(modulator, other));
    if (at < 0) sum.push(modulator);
    else sum[at] = { ...sum[at]!, amount: sum[at]!.amount + modulator.amount };
  }
  return sum.filter((modulator) => modulator.amount !== 0);
}

function replaceSame(base: readonly Modulator[], over: readonly Modulator[]): Modulator[] {
  if (over.length === 0) return [...base];
  return [...base.filter((modulator) => !over.some((other) => isSameModulator(modulator, other))), ...over];
}
