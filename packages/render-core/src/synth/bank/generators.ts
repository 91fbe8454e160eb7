/** Generator numbers (SF2.04 8.1.2) that the synthesizer reads. */
export const Gen = {
  startAddrsOffset: 0,
  endAddrsOffset: 1,
  startloopAddrsOffset: 2,
  endloopAddrsOffset: 3,
  startAddrsCoarseOffset: 4,
  modLfoToPitch: 5,
  vibLfoToPitch: 6,
  modEnvToPitch: 7,
  initialFilterFc: 8,
  initialFilterQ: 9,
  modLfoToFilterFc: 10,
  modEnvToFilterFc: 11,
  endAddrsCoarseOffset: 12,
  modLfoToVolume: 13,
  chorusEffectsSend: 15,
  reverbEffectsSend: 16,
  pan: 17,
  delayModLFO: 21,
  freqModLFO: 22,
  delayVibLFO: 23,
  freqVibLFO: 24,
  delayModEnv: 25,
  attackModEnv: 26,
  holdModEnv: 27,
  decayModEnv: 28,
  sustainModEnv: 29,
  releaseModEnv: 30,
  keynumToModEnvHold: 31,
  keynumToModEnvDecay: 32,
  delayVolEnv: 33,
  attackVolEnv: 34,
  holdVolEnv: 35,
  decayVolEnv: 36,
  sustainVolEnv: 37,
  releaseVolEnv: 38,
  keynumToVolEnvHold: 39,
  keynumToVolEnvDecay: 40,
  startloopAddrsCoarseOffset: 45,
  keynum: 46,
  velocity: 47,
  initialAttenuation: 48,
  endloopAddrsCoarseOffset: 50,
  coarseTune: 51,
  fineTune: 52,
  sampleModes: 54,
  scaleTuning: 56,
  exclusiveClass: 57,
  overridingRootKey: 58,
} as const;

export const GENERATOR_COUNT = 61;

/** Default and limits of each generator (SF2.04 8.1.3): number, default, lowest, highest. Limits of a sum of zones too. */
const LIMITS: readonly (readonly [generator: number, initial: number, low: number, high: number])[] = [
  [Gen.startAddrsOffset, 0, -32768, 32767],
  [Gen.endAddrsOffset, 0, -32768, 32767],
  [Gen.startloopAddrsOffset, 0, -32768, 32767],
  [Gen.endloopAddrsOffset, 0, -32768, 32767],
  [Gen.startAddrsCoarseOffset, 0, -32768, 32767],
  [Gen.modLfoToPitch, 0, -12000, 12000],
  [Gen.vibLfoToPitch, 0, -12000, 12000],
  [Gen.modEnvToPitch, 0, -12000, 12000],
  [Gen.initialFilterFc, 13500, 1500, 13500],
  [Gen.initialFilterQ, 0, 0, 960],
  [Gen.modLfoToFilterFc, 0, -12000, 12000],
  [Gen.modEnvToFilterFc, 0, -12000, 12000],
  [Gen.endAddrsCoarseOffset, 0, -32768, 32767],
  [Gen.modLfoToVolume, 0, -960, 960],
  [Gen.chorusEffectsSend, 0, 0, 1000],
  [Gen.reverbEffectsSend, 0, 0, 1000],
  [Gen.pan, 0, -500, 500],
  [Gen.delayModLFO, -12000, -12000, 5000],
  [Gen.freqModLFO, 0, -16000, 4500],
  [Gen.delayVibLFO, -12000, -12000, 5000],
  [Gen.freqVibLFO, 0, -16000, 4500],
  [Gen.delayModEnv, -12000, -12000, 5000],
  [Gen.attackModEnv, -12000, -12000, 8000],
  [Gen.holdModEnv, -12000, -12000, 5000],
  [Gen.decayModEnv, -12000, -12000, 8000],
  [Gen.sustainModEnv, 0, 0, 1000],
  [Gen.releaseModEnv, -12000, -12000, 8000],
  [Gen.keynumToModEnvHold, 0, -1200, 1200],
  [Gen.keynumToModEnvDecay, 0, -1200, 1200],
  [Gen.delayVolEnv, -12000, -12000, 5000],
  [Gen.attackVolEnv, -12000, -12000, 8000],
  [Gen.holdVolEnv, -12000, -12000, 5000],
  [Gen.decayVolEnv, -12000, -12000, 8000],
  [Gen.sustainVolEnv, 0, 0, 1440],
  [Gen.releaseVolEnv, -12000, -12000, 8000],
  [Gen.keynumToVolEnvHold, 0, -1200, 1200],
  [Gen.keynumToVolEnvDecay, 0, -1200, 1200],
  [Gen.startloopAddrsCoarseOffset, 0, -32768, 32767],
  [Gen.keynum, -1, -1, 127],
  [Gen.velocity, -1, -1, 127],
  [Gen.initialAttenuation, 0, -1440, 1440],
  [Gen.endloopAddrsCoarseOffset, 0, -32768, 32767],
  [Gen.coarseTune, 0, -120, 120],
  [Gen.fineTune, 0, -12700, 12700],
  [Gen.sampleModes, 0, 0, 3],
  [Gen.scaleTuning, 100, 0, 1200],
  [Gen.exclusiveClass, 0, 0, 127],
  [Gen.overridingRootKey, -1, -1, 127],
];

/** Value of every generator that no zone sets. */
export const GENERATOR_DEFAULTS: Readonly<Float64Array> = defaults();
const LOWEST = limits(2);
const HIGHEST = limits(3);

function defaults(): Float64Array {
  const values = new Float64Array(GENERATOR_COUNT);
  for (const [generator, initial] of LIMITS) values[generator] = initial;
  return values;
}

function limits(column: 2 | 3): Float64Array {
  const values = new Float64Array(GENERATOR_COUNT);
  for (const row of LIMITS) values[row[0]] = row[column];
  return values;
}

/** A generator's value inside its limits. */
export function clampGenerator(generator: number, value: number): number {
  return Math.min(HIGHEST[generator]!, Math.max(LOWEST[generator]!, value));
}

/** Generators that mean something only in an instrument zone; a preset zone that has them is ignored in them (SF2.04 8.1.2). */
const INSTRUMENT_ONLY = new Set<number>([
  Gen.startAddrsOffset,
  Gen.endAddrsOffset,
  Gen.startloopAddrsOffset,
  Gen.endloopAddrsOffset,
  Gen.startAddrsCoarseOffset,
  Gen.endAddrsCoarseOffset,
  Gen.startloopAddrsCoarseOffset,
  Gen.endloopAddrsCoarseOffset,
  Gen.keynum,
  Gen.velocity,
  Gen.sampleModes,
  Gen.exclusiveClass,
  Gen.overridingRootKey,
]);

export function isInstrumentOnly(generator: number): boolean {
  return INSTRUMENT_ONLY.has(generator);
}

export function isGenerator(generator: number): boolean {
  return HIGHEST[generator] !== undefined && (HIGHEST[generator] !== 0 || LOWEST[generator] !== 0);
}

/** Units of a generator in one step of its NRPN (SF2.04 9.6.3): cents of pitch, cutoff and time by two, of LFO rates by four. */
export function nrpnStep(generator: number): number {
  if (generator === Gen.freqModLFO || generator === Gen.freqVibLFO) return 4;
  const span = HIGHEST[generator]! - LOWEST[generator]!;
  return span > 8192 && span <= 24000 ? 2 : 1;
}
