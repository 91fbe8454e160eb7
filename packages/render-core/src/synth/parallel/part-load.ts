import type { PartAssignment } from '../../instruments/sound-source.js';
import type { Part } from '../../score/performance.js';
import type { Articulation } from '../bank/articulation.js';
import type { BankData } from '../bank/bank-data.js';
import { Gen } from '../bank/generators.js';
import { Change } from '../channel.js';
import { channelOf, presetOf } from '../part-player.js';
import { presetVoices } from '../preset-voices.js';
import { timecentsToSeconds } from '../units.js';

/** Longer notes have mostly died away. */
const LONGEST_NOTE = 30;
/** What a note takes beyond its length where nothing is known of its sound, in seconds. */
const USUAL_RELEASE = 0.5;
/** Share of a release (the time for 100 dB) until nothing is heard of usual sounds. */
const HEARD_RELEASE = 0.7;
/** What it takes to start a voice, in seconds of a voice. */
const START = 0.05;
/** Centibels below which a sustained voice ends by itself. */
const INAUDIBLE_SUSTAIN = 900;

/** About what a part costs to render with whatever font, in seconds of one voice. */
export function noteSeconds(part: Part): number {
  let seconds = 0;
  for (const event of part.events)
    if (event.kind === 'note') seconds += Math.min(LONGEST_NOTE, event.duration) + USUAL_RELEASE;
  return seconds;
}

/** About what a part costs to render with a font, in seconds of one voice: layers and releases decide more than notes. */
export function voiceSeconds(bank: BankData, { part, preset: fixed }: PartAssignment): number {
  const channel = channelOf(part);
  const playing = () => {
    const { preset } = presetOf(bank, channel, fixed);
    return preset === null ? null : presetVoices(bank, preset);
  };
  let voices = playing();
  let seconds = 0;
  for (const event of part.events) {
    if (event.kind === 'note') {
      if (event.velocity <= 0) continue;
      for (const articulation of voices?.ofKey(event.key) ?? [])
        if (articulation.lowVelocity <= event.velocity && event.velocity <= articulation.highVelocity)
          seconds += START + soundingSeconds(articulation, event.key, event.duration);
    } else if (channel.apply(event) === Change.preset) {
      voices = playing();
    }
  }
  return seconds;
}

function soundingSeconds({ generators, region, sample }: Articulation, key: number, duration: number): number {
  const release = timecentsToSeconds(generators[Gen.releaseVolEnv]!) * HEARD_RELEASE;
  let seconds = Math.min(LONGEST_NOTE, duration) + Math.min(LONGEST_NOTE, release);
  if (generators[Gen.sustainVolEnv]! >= INAUDIBLE_SUSTAIN)
    seconds = Math.min(seconds, timecentsToSeconds(generators[Gen.decayVolEnv]!) + release);
  if (region.loop !== null) return seconds;
  const root = generators[Gen.overridingRootKey]! >= 0 ? generators[Gen.overridingRootKey]! : sample.rootKey;
  const octaves = ((key - root) * generators[Gen.scaleTuning]!) / 1200;
  return Math.min(seconds, (region.end - region.start) / sample.sampleRate / 2 ** octaves);
}
