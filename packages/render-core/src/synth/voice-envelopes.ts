import { clampGenerator, Gen } from './bank/generators.js';
import { centibelsToOctaves, FULL_DECAY_OCTAVES, octavesToGain, stageSeconds, timecentsToSeconds } from './units.js';
import * as at from './voice-layout.js';
import type { VoiceFields } from './voice-sound.js';

/**
 * Times of the volume and modulation envelopes and LFOs (SF2.04 8.1.2, generators 21-40), from the note's start on.
 * @param sum generators with their modulators added
 */
export function setEnvelopes(fields: VoiceFields, sum: Float64Array, key: number, sampleRate: number): void {
  const { ints, floats } = fields;
  const fromMiddle = 60 - key;
  const frames = (seconds: number) => Math.min(1e9, Math.round(seconds * sampleRate));

  const volAttackAt = frames(stageSeconds(sum[Gen.delayVolEnv]!));
  const volHoldAt = volAttackAt + frames(timecentsToSeconds(sum[Gen.attackVolEnv]!));
  ints[at.VOL_ATTACK_AT >> 2] = volAttackAt;
  ints[at.VOL_HOLD_AT >> 2] = volHoldAt;
  ints[at.VOL_DECAY_AT >> 2] =
    volHoldAt + frames(stageSeconds(sum[Gen.holdVolEnv]! + fromMiddle * sum[Gen.keynumToVolEnvHold]!));
  const volDecay = timecentsToSeconds(sum[Gen.decayVolEnv]! + fromMiddle * sum[Gen.keynumToVolEnvDecay]!);
  const volDecayStep = -FULL_DECAY_OCTAVES / Math.max(1, volDecay * sampleRate);
  floats[at.VOL_DECAY_STEP >> 2] = volDecayStep;
  floats[at.VOL_DECAY_FACTOR >> 2] = octavesToGain(volDecayStep * at.PERIOD_FRAMES);
  floats[at.VOL_SUSTAIN >> 2] = -Math.min(20, centibelsToOctaves(Math.max(0, sum[Gen.sustainVolEnv]!)));

  const modAttackAt = frames(stageSeconds(sum[Gen.delayModEnv]!));
  const modHoldAt = modAttackAt + frames(timecentsToSeconds(sum[Gen.attackModEnv]!));
  ints[at.MOD_ATTACK_AT >> 2] = modAttackAt;
  ints[at.MOD_HOLD_AT >> 2] = modHoldAt;
  ints[at.MOD_DECAY_AT >> 2] =
    modHoldAt + frames(stageSeconds(sum[Gen.holdModEnv]! + fromMiddle * sum[Gen.keynumToModEnvHold]!));
  const modDecay = timecentsToSeconds(sum[Gen.decayModEnv]! + fromMiddle * sum[Gen.keynumToModEnvDecay]!);
  floats[at.MOD_DECAY_STEP >> 2] = -1 / Math.max(1, modDecay * sampleRate);
  floats[at.MOD_SUSTAIN >> 2] = 1 - Math.min(1000, Math.max(0, sum[Gen.sustainModEnv]!)) / 1000;
  const modRelease = timecentsToSeconds(sum[Gen.releaseModEnv]!);
  floats[at.MOD_RELEASE_STEP >> 2] = -1 / Math.max(1, modRelease * sampleRate);

  ints[at.MOD_LFO_DELAY >> 2] = frames(stageSeconds(sum[Gen.delayModLFO]!));
  ints[at.VIB_LFO_DELAY >> 2] = frames(stageSeconds(sum[Gen.delayVibLFO]!));
  setRelease(fields, sum, sampleRate);
}

/** How the volume falls once the key is up: the one time that controllers may still change. */
export function setRelease({ floats }: VoiceFields, sum: Float64Array, sampleRate: number): void {
  const release = timecentsToSeconds(clampGenerator(Gen.releaseVolEnv, sum[Gen.releaseVolEnv]!));
  const step = -FULL_DECAY_OCTAVES / Math.max(1, release * sampleRate);
  floats[at.VOL_RELEASE_STEP >> 2] = step;
  floats[at.VOL_RELEASE_FACTOR >> 2] = octavesToGain(step * at.PERIOD_FRAMES);
}
