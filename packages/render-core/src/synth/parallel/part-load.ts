import type { PartAssignment } from '../../instruments/sound-source.js';
import type { NoteEvent, Part } from '../../score/performance.js';
import type { Articulation } from '../bank/articulation.js';
import type { BankData } from '../bank/bank-data.js';
import { Gen } from '../bank/generators.js';
import { Change } from '../channel.js';
import { channelOf, presetOf } from '../part-player.js';
import { presetVoices } from '../preset-voices.js';
import { stageSeconds, timecentsToSeconds } from '../units.js';

/** Longer notes have mostly died away. */
const LONGEST_NOTE = 30;
/** What a note takes beyond its length where nothing is known of its sound, in seconds. */
const USUAL_RELEASE = 0.5;
/** Decibels below full scale at which a voice ends. */
const INAUDIBLE = 90;
/** What it takes to start a voice, in seconds of a voice. */
const START = 0.05;
/** What a second of a voice costs: one with a filter, one without, and one whose sound is remembered. Measured on the benchmark's scores. */
const FILTERED = 1;
const PLAIN = 0.6;
const REMEMBERED = 0.4;
/** Controllers that change nothing in a sound before its gains: volume, balance, pan, expression, sustain, sostenuto, sends. */
const GAINS_AND_PEDALS = new Set([7, 8, 10, 11, 64, 66, 91, 93]);

/** About what a part costs to render with whatever font, in seconds of one voice. */
export function noteSeconds(part: Part): number {
  let seconds = 0;
  for (const event of part.events)
    if (event.kind === 'note') seconds += Math.min(LONGEST_NOTE, event.duration) + USUAL_RELEASE;
  return seconds;
}

/** About what each key of a part costs to render with a font, in seconds of one filtered voice: layers, releases and repeats decide more than notes. */
export function keyLoads(bank: BankData, { part, preset: fixed }: PartAssignment): Float64Array {
  const channel = channelOf(part);
  const playing = () => {
    const { preset } = presetOf(bank, channel, fixed);
    return preset === null ? null : presetVoices(bank, preset);
  };
  let voices = playing();
  const loads = new Float64Array(128);
  const heard = new Set<string>();
  for (const event of part.events) {
    if (event.kind === 'note') {
      if (event.velocity <= 0) continue;
      for (const articulation of voices?.ofKey(event.key) ?? [])
        if (articulation.lowVelocity <= event.velocity && event.velocity <= articulation.highVelocity)
          loads[event.key]! += START + soundingSeconds(articulation, event) * price(articulation, event, heard);
    } else {
      if (channel.apply(event) === Change.preset) voices = playing();
      if (event.kind !== 'controller' || !GAINS_AND_PEDALS.has(event.controller)) heard.clear();
    }
  }
  return loads;
}

function price({ index, generators, region }: Articulation, { key, duration }: NoteEvent, heard: Set<string>): number {
  const sweeps = generators[Gen.modEnvToFilterFc] !== 0 || generators[Gen.modEnvToPitch] !== 0;
  // A sound that a modulation envelope or the end of a loop makes depend on the length is another one with each length.
  const sound = sweeps || (region.loop !== null && generators[Gen.sampleModes] === 3) ? duration : 0;
  const name = `${index} ${key} ${sound}`;
  if (heard.has(name)) return REMEMBERED;
  heard.add(name);
  const filters =
    generators[Gen.initialFilterFc]! < 13500 ||
    generators[Gen.initialFilterQ]! > 0 ||
    generators[Gen.modLfoToFilterFc] !== 0;
  return filters ? FILTERED : PLAIN;
}

/** Until the note has become inaudible or its sample has ended. */
function soundingSeconds({ generators, region, sample }: Articulation, { key, velocity, duration }: NoteEvent): number {
  const attenuation = 40 * Math.log10(127 / velocity) + 0.04 * generators[Gen.initialAttenuation]!;
  const audible = Math.max(0, INAUDIBLE - attenuation);
  const sustain = generators[Gen.sustainVolEnv]! / 10;
  const risen = timecentsToSeconds(generators[Gen.attackVolEnv]!) + stageSeconds(generators[Gen.holdVolEnv]!);
  const decay = timecentsToSeconds(generators[Gen.decayVolEnv]!);
  const fallen = Math.min(sustain, (Math.max(0, duration - risen) / decay) * 100);
  const release = timecentsToSeconds(generators[Gen.releaseVolEnv]!) * (Math.max(0, audible - fallen) / 100);
  let seconds = Math.min(LONGEST_NOTE, duration) + Math.min(LONGEST_NOTE, release);
  if (sustain >= audible) seconds = Math.min(seconds, risen + (decay * audible) / 100);
  if (region.loop !== null) return seconds;
  const root = generators[Gen.overridingRootKey]! >= 0 ? generators[Gen.overridingRootKey]! : sample.rootKey;
  const octaves = ((key - root) * generators[Gen.scaleTuning]!) / 1200;
  return Math.min(seconds, (region.end - region.start) / sample.sampleRate / 2 ** octaves);
}
