import type {
  BasicInstrument,
  BasicPreset,
  BasicSample,
  BasicSoundBank,
  BasicZone,
  Modulator as FileModulator,
} from 'spessasynth_core';
import type { KernelMemory } from '../kernel-memory.js';
import type { BankData, PresetData, SampleData, ZoneData } from './bank-data.js';
import { checkStructure } from './check-structure.js';
import { CONTROLLER_SOURCE, DEFAULT_MODULATORS, type Modulator } from './modulators.js';
import { RegionList } from './regions.js';
import { SoundFontError } from './sound-font-error.js';

/** Silence around every sample, in frames: the widest interpolation, whole vectors, and a margin. */
export const SAMPLE_MARGIN = 32;
const MOST_ZONES = 200_000;
const MOST_SAMPLE_FRAMES = 2 ** 30;
/** Ten minutes at 48 kHz. */
const MOST_DECODED_FRAMES = 28_800_000;

/**
 * Reads an SF2, SF3 or DLS bank and copies its samples into kernel memory, once.
 * Throws {@link SoundFontError} for anything that is not a bank or too large to be one.
 */
export async function readBank(
  bytes: ArrayBuffer,
  memory: KernelMemory,
): Promise<{ bank: BankData; blocks: number[] }> {
  // Loaded late: it is large, and most threads play fonts that another one has read.
  const { BasicSoundBank, SoundBankLoader } = await import('spessasynth_core');
  await BasicSoundBank.isSF3DecoderReady;
  checkStructure(bytes);
  let parsed: BasicSoundBank;
  try {
    parsed = SoundBankLoader.fromArrayBuffer(bytes);
  } catch (error) {
    throw new SoundFontError('soundfont-unreadable', `not a readable SF2, SF3 or DLS bank: ${messageOf(error)}`);
  }
  const zoneCount =
    parsed.instruments.reduce((sum, instrument) => sum + instrument.zones.length, 0) +
    parsed.presets.reduce((sum, preset) => sum + preset.zones.length, 0);
  if (zoneCount > MOST_ZONES)
    throw new SoundFontError('soundfont-too-large', `${zoneCount} zones, at most ${MOST_ZONES}`);
  if (parsed.presets.length === 0) throw new SoundFontError('soundfont-empty', 'the bank has no presets');

  const { samples, block } = storeSamples(parsed.samples, memory);
  const sampleIndex = new Map(parsed.samples.map((sample, index) => [sample, index]));
  const instrumentIndex = new Map(parsed.instruments.map((instrument, index) => [instrument, index]));
  const regions = new RegionList(samples);
  const instruments = parsed.instruments.map((instrument: BasicInstrument) => ({
    global: readZone(instrument.globalZone, -1),
    zones: instrument.zones.map((zone) => {
      const generators = [...instrument.globalZone.generators, ...zone.generators];
      const region = regions.add(sampleIndex.get(zone.sample) ?? -1, generators);
      return readZone(zone, region, instrument.globalZone);
    }),
  }));
  const placed = regions.place(memory);
  const bank: BankData = {
    name: parsed.soundBankInfo.name.trim(),
    samples,
    regions: placed.regions,
    instruments,
    presets: parsed.presets.map((preset) => readPreset(preset, instrumentIndex)),
    defaultModulators: parsed.customDefaultModulators
      ? parsed.defaultModulators.map(readModulator).filter((modulator) => modulator !== null)
      : DEFAULT_MODULATORS,
    sampleFrames: samples.reduce((sum, sample) => sum + sample.frames, 0),
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
    modulators: zone.modulators.map(readModulator).filter((modulator) => modulator !== null),
    target,
  };
}

/** Null for modulators that SF2.04 9.5.2 says to ignore: linked ones, and those without a destination. */
function readModulator(modulator: FileModulator): Modulator | null {
  const source = modulator.primarySource.toSourceEnum();
  const amountSource = modulator.secondarySource.toSourceEnum();
  const destination = modulator.destination as number;
  if (destination < 0 || destination > 60) return null;
  if (isLink(source) || isLink(amountSource)) return null;
  return { source, amountSource, destination, amount: modulator.transformAmount, transform: modulator.transformType };
}

function isLink(source: number): boolean {
  return (source & CONTROLLER_SOURCE) === 0 && (source & 0x7f) === 127;
}

function storeSamples(
  samples: readonly BasicSample[],
  memory: KernelMemory,
): { samples: readonly SampleData[]; block: number } {
  const recordings = samples.map((sample) => pcm(sample));
  const total = recordings.reduce((sum, recording) => sum + recording.length + SAMPLE_MARGIN, SAMPLE_MARGIN);
  if (total > MOST_SAMPLE_FRAMES) throw new SoundFontError('soundfont-too-large', `${total} frames of samples`);
  const block = memory.allocate(total * 2);
  const store = memory.int16(block, total);
  let at = SAMPLE_MARGIN;
  const stored = samples.map((sample, index): SampleData => {
    const recording = recordings[index]!;
    const frames = recording.length;
    store.fill(0, at - SAMPLE_MARGIN, at);
    store.set(recording, at);
    const address = block + at * 2;
    at += frames + SAMPLE_MARGIN;
    return {
      name: sample.name,
      address,
      frames,
      sampleRate: Math.min(192_000, Math.max(400, sample.sampleRate || 44_100)),
      rootKey: sample.originalKey,
      correction: sample.pitchCorrection,
      loopStart: sample.loopStart,
      loopEnd: sample.loopEnd,
      peak: memory.kernel.peak(address, frames) / 32768,
    };
  });
  store.fill(0, at - SAMPLE_MARGIN);
  return { samples: stored, block };
}

/** The sample as 16-bit integers: as the font holds them where it does, decoded and rounded otherwise. */
function pcm(sample: BasicSample): Int16Array {
  try {
    if (!sample.isCompressed) {
      const raw = sample.getRawData(false);
      return new Int16Array(raw.slice(0, raw.length & ~1).buffer);
    }
    // What cannot be decoded becomes silence up to the end of the loop, wherever the file says that is.
    if (sample.loopEnd > MOST_DECODED_FRAMES) return new Int16Array(0);
    const decoded = sample.getAudioData();
    const rounded = new Int16Array(decoded.length);
    for (let i = 0; i < decoded.length; i++)
      rounded[i] = Math.max(-32768, Math.min(32767, Math.round(decoded[i]! * 32768)));
    return rounded;
  } catch {
    return new Int16Array(0);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
