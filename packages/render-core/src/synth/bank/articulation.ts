import type { BankData, PresetData, RegionData, SampleData, ZoneData, ZoneList } from './bank-data.js';
import { clampGenerator, GENERATOR_DEFAULTS, Gen, isGenerator, isInstrumentOnly } from './generators.js';
import { isSameModulator, type Modulator } from './modulators.js';

/** Everything a preset says about one of its voices: a preset zone and an instrument zone put together (SF2.04 9.4). */
export interface Articulation {
  /** Position in its preset. */
  readonly index: number;
  readonly lowKey: number;
  readonly highKey: number;
  readonly lowVelocity: number;
  readonly highVelocity: number;
  /** Indexed by generator number. */
  readonly generators: Float64Array;
  readonly modulators: readonly Modulator[];
  readonly sample: SampleData;
  readonly region: RegionData;
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
      const lowKey = Math.max(presetZone.lowKey, zone.lowKey);
      const highKey = Math.min(presetZone.highKey, zone.highKey);
      const lowVelocity = Math.max(presetZone.lowVelocity, zone.lowVelocity);
      const highVelocity = Math.min(presetZone.highVelocity, zone.highVelocity);
      if (lowKey > highKey || lowVelocity > highVelocity) continue;
      if (articulations.length === MOST_ARTICULATIONS) return articulations;
      articulations.push({
        index: articulations.length,
        lowKey,
        highKey,
        lowVelocity,
        highVelocity,
        generators: sumGenerators(preset, presetZone, instrument, zone),
        modulators: sumModulators(bank.defaultModulators, preset, presetZone, instrument, zone),
        sample,
        region,
      });
    }
  }
  return articulations;
}

/** Instrument zones replace defaults, preset zones add to them; a local zone replaces its global one (SF2.04 9.4). */
function sumGenerators(preset: PresetData, presetZone: ZoneData, instrument: ZoneList, zone: ZoneData): Float64Array {
  const values = Float64Array.from(GENERATOR_DEFAULTS);
  for (const [generator, value] of instrument.global?.generators ?? []) values[generator] = value;
  for (const [generator, value] of zone.generators) values[generator] = value;
  const added = new Float64Array(values.length);
  for (const [generator, value] of preset.global?.generators ?? []) added[generator] = value;
  for (const [generator, value] of presetZone.generators) added[generator] = value;
  for (let generator = 0; generator < values.length; generator++) {
    if (!isGenerator(generator)) continue;
    const sum = values[generator]! + (isInstrumentOnly(generator) ? 0 : added[generator]!);
    values[generator] = clampGenerator(generator, sum);
  }
  return values;
}

/** Instrument modulators replace defaults, preset modulators add to them (SF2.04 9.5.1). */
function sumModulators(
  defaults: readonly Modulator[],
  preset: PresetData,
  presetZone: ZoneData,
  instrument: ZoneList,
  zone: ZoneData,
): Modulator[] {
  const sum = replaceSame(replaceSame(defaults, instrument.global?.modulators ?? []), zone.modulators);
  const added = replaceSame(preset.global?.modulators ?? [], presetZone.modulators);
  for (const modulator of added) {
    const at = sum.findIndex((other) => isSameModulator(modulator, other));
    if (at < 0) sum.push(modulator);
    else sum[at] = { ...sum[at]!, amount: sum[at]!.amount + modulator.amount };
  }
  return sum.filter((modulator) => modulator.amount !== 0);
}

function replaceSame(base: readonly Modulator[], over: readonly Modulator[]): Modulator[] {
  return [...base.filter((modulator) => !over.some((other) => isSameModulator(modulator, other))), ...over];
}

/** True when a preset cuts voices by exclusive class, so that its notes are not independent of each other. */
export function hasExclusiveClasses(articulations: readonly Articulation[]): boolean {
  return articulations.some((articulation) => articulation.generators[Gen.exclusiveClass] !== 0);
}
