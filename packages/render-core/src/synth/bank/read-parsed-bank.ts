import type {
  BasicInstrument,
  BasicPreset,
  BasicSoundBank,
  BasicZone,
  Modulator as FileModulator,
} from 'spessasynth_core';
import type { KernelMemory } from '../kernel-memory.js';
import type { BankData, PresetData, ZoneData } from './bank-data.js';
import { checkStructure } from './check-structure.js';
import { DEFAULT_MODULATORS, isModulator, type Modulator } from './modulators.js';
import { RegionList } from './regions.js';
import { SoundFontError, tooLarge, unreadable } from './sound-font-error.js';

const MOST_ZONES = 200_000;

/**
 * Loads a bank with compressed samples (SF3), or a DLS bank, through spessasynth_core. The bytes may be changed.
 *
 * @param extended whether the upper halves of indices are those of the tables
 * @throws SoundFontError
 */
export async function readParsedBank(
  bytes: Uint8Array<ArrayBuffer>,
  extended: boolean,
  memory: KernelMemory,
): Promise<{ bank: BankData; blocks: readonly number[] }> {
  checkStructure(bytes, extended);
  // Loaded late: they are large, and plain sound fonts do not need them.
  const [{ SoundBankLoader, SpessaLog }, { storeParsedSamples }] = await Promise.all([
    import('spessasynth_core'),
    import('./store-parsed-samples.js'),
  ]);
  // A damaged font could fill a log.
  SpessaLog.setLogLevel(false, false, false);
  let parsed: BasicSoundBank;
  try {
    parsed = SoundBankLoader.fromArrayBuffer(bytes.buffer);
  } catch (error) {
    unreadable(messageOf(error));
  }
  const zoneCount =
    parsed.instruments.reduce((sum, instrument) => sum + instrument.zones.length, 0) +
    parsed.presets.reduce((sum, preset) => sum + preset.zones.length, 0);
  if (zoneCount > MOST_ZONES) tooLarge(`${zoneCount} zones, at most ${MOST_ZONES}`);
  if (parsed.presets.length === 0) throw new SoundFontError('soundfont-empty', 'the bank has no presets');

  const { samples, block, undecodable } = await storeParsedSamples(parsed.samples, memory);
  const sampleIndex = new Map(parsed.samples.map((sample, index) => [sample, index]));
  const instrumentIndex = new Map(parsed.instruments.map((instrument, index) => [instrument, index]));
  const regions = new RegionList(samples);
  const instruments = parsed.instruments.map((instrument: BasicInstrument) => {
    const global = readZone(instrument.globalZone, -1);
    const zones = instrument.zones.map((zone) => {
      const data = readZone(zone, -1, instrument.globalZone);
      return { ...data, target: regions.add(sampleIndex.get(zone.sample) ?? -1, global.generators, data.generators) };
    });
    return { global, zones };
  });
  const placed = regions.place(memory);
  const bank: BankData = {
    name: parsed.soundBankInfo.name.trim(),
    samples,
    regions: placed.regions,
    instruments,
    presets: parsed.presets.map((preset) => readPreset(preset, instrumentIndex)),
    defaultModulators: parsed.customDefaultModulators
      ? parsed.defaultModulators.map(readModulator).filter(isModulator)
      : DEFAULT_MODULATORS,
    sampleFrames: samples.reduce((sum, sample) => sum + sample.frames, 0),
    undecodable,
  };
  return { bank, blocks: [block, placed.block] };
}

function readPreset(preset: BasicPreset, instruments: Map<BasicInstrument, number>): PresetData {
  return {
    name: preset.name,
    bank: preset.isGMGSDrum ? 0 : preset.bankMSB,
    bankLow: preset.bankLSB,
    program: preset.program,
    percussion: preset.isGMGSDrum,
    global: readZone(preset.globalZone, -1),
    zones: preset.zones.map((zone) => readZone(zone, instruments.get(zone.instrument) ?? -1, preset.globalZone)),
  };
}

/** A range that a zone does not set is that of its global zone. */
function readZone(zone: BasicZone, target: number, global: BasicZone = zone): ZoneData {
  const keys = zone.hasKeyRange ? zone.keyRange : global.keyRange;
  const velocities = zone.hasVelRange ? zone.velRange : global.velRange;
  return {
    lowKey: Math.max(0, keys.min),
    highKey: keys.max,
    lowVelocity: Math.max(0, velocities.min),
    highVelocity: velocities.max,
    generators: zone.generators.map((generator) => [generator.type as number, generator.value] as const),
    modulators: zone.modulators.map(readModulator).filter(isModulator),
    target,
  };
}

function readModulator(modulator: FileModulator): Modulator {
  const { destination, transformAmount: amount, transformType: transform, primarySource, secondarySource } = modulator;
  return {
    source: primarySource.toSourceEnum(),
    amountSource: secondarySource.toSourceEnum(),
    destination,
    amount,
    transform,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
