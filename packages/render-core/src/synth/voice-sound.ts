import * as at from './voice-layout.js';

/** A voice in kernel memory, see voice-layout.ts. */
export interface VoiceFields {
  readonly ints: Int32Array;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
}

/**
 * A digest (96 bits) of everything that a voice's own sound depends on, taken before it has begun: voices of equal keys
 * sound equal, up to their volume envelope, while nothing changes them.
 */
export function soundKey({ ints }: VoiceFields): string {
  const moves = ints[at.MOVES >> 2]!;
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  let c = 0x85ebca6b;
  const mix = (word: number) => {
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ (word >>> 7) ^ a, 0x85ebca77);
    c = Math.imul((c << 5) ^ (c >>> 27) ^ word, 0xc2b2ae3d);
  };
  for (let i = 0; i < SOUND_WORDS.length; i++) mix(ints[SOUND_WORDS[i]!]!);
  if ((moves & at.MOD_ENV) !== 0) for (let i = 0; i < ENVELOPE_WORDS.length; i++) mix(ints[ENVELOPE_WORDS[i]!]!);
  const isDelayed = ints[at.VOL_ATTACK_AT >> 2]! >= at.PERIOD_FRAMES;
  if (isDelayed) mix(ints[at.VOL_ATTACK_AT >> 2]!);
  if (isDelayed || (moves & at.MOD_ENV) !== 0 || ints[at.LOOP_MODE >> 2] === at.LOOP_UNTIL_RELEASE)
    mix(ints[at.RELEASE_AT >> 2]!);
  return `${a},${b},${c}`;
}

/** Most frames from the onset to the end of the sound, as its envelope and its sample stand now. */
export function longestSound(fields: VoiceFields): number {
  const { ints, floats, doubles } = fields;
  const floor = floats[at.VOL_FLOOR >> 2]!;
  let frames = ints[at.RELEASE_AT >> 2]! + Math.ceil(floor / floats[at.VOL_RELEASE_STEP >> 2]!);
  if (floats[at.VOL_SUSTAIN >> 2]! < floor) {
    const decayed = ints[at.VOL_DECAY_AT >> 2]! + Math.ceil(floor / floats[at.VOL_DECAY_STEP >> 2]!);
    if (decayed < ints[at.RELEASE_AT >> 2]!) frames = decayed;
  }
  if (ints[at.LOOP_MODE >> 2] === at.LOOP_NONE && hasSteadyPitch(fields)) {
    const recorded = ints[at.SAMPLE_END >> 2]! - ints[(at.PHASE + 4) >> 2]!;
    const increment = 2 ** doubles[at.PITCH >> 3]!;
    frames = Math.min(frames, ints[at.VOL_ATTACK_AT >> 2]! + Math.ceil(recorded / increment));
  }
  return frames + 2 * at.PERIOD_FRAMES;
}

function hasSteadyPitch({ floats }: VoiceFields): boolean {
  return (
    floats[at.MOD_LFO_TO_PITCH >> 2] === 0 &&
    floats[at.VIB_LFO_TO_PITCH >> 2] === 0 &&
    floats[at.MOD_ENV_TO_PITCH >> 2] === 0 &&
    floats[at.GLIDE >> 2] === 0
  );
}

/** The fields that every voice's own sound depends on, and those of its modulation envelope. */
const SOUND_WORDS = words(0, at.VOL_ATTACK_AT).filter(
  (word) => ![at.ALIGNMENT, at.AGE, at.STATE, at.RELEASE_AT, at.TREMOLO].includes(word * 4),
);
const ENVELOPE_WORDS = words(at.MOD_ATTACK_AT, at.VOL_GAIN);

function words(from: number, to: number): number[] {
  return Array.from({ length: (to - from) >> 2 }, (_, i) => (from >> 2) + i);
}
