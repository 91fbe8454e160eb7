import type { Articulation } from './bank/articulation.js';
import { clampGenerator, GENERATOR_COUNT, Gen } from './bank/generators.js';
import { CONTROLLER_SOURCE, Source } from './bank/modulators.js';
import type { Channel } from './channel.js';
import { OSCILLATOR_SCALE } from './interpolation-tables.js';
import {
  centibelsToOctaves,
  FULL_DECAY_OCTAVES,
  lfoCycles,
  octavesToGain,
  stageSeconds,
  timecentsToSeconds,
} from './units.js';
import * as at from './voice-layout.js';

/**
 * Loudness of a voice at full scale, so that levels are those of FluidSynth as it comes: its gain of 0.2, 1.51 dB that its
 * filter adds to every voice, less 0.41 dB because its curves of velocity, volume and expression end at 127/128.
 */
export const MASTER_GAIN = 0.2 * 2 ** 0.25 * 10 ** (-0.41 / 20);
/** Level below which a voice is inaudible, re full scale before the master gain (-90 dB, one step of 16 bits). */
const NOISE_FLOOR = 3e-5;
/** SF2.04 8.1.3 has attenuation in centibels; the field follows the sound cards that fonts are made for, which apply 0.4 of it. */
const ATTENUATION_FACTOR = 0.4;
const NEVER = 0x7fffffff;

/** What all voices of a render share. */
export interface VoiceContext {
  readonly sampleRate: number;
  /** Cents that A4 is away from 440 Hz. */
  readonly tuningCents: number;
  /** Whether anything listens to the reverb and chorus sends. */
  readonly sends: boolean;
}

/** A note as it starts. */
export interface NoteStart {
  readonly key: number;
  readonly velocity: number;
  /** Frames from onset to release. */
  readonly length: number;
  /** Frames from the start of the score. */
  readonly onset: number;
  readonly glideFrom: number;
  readonly linearVelocity: boolean;
  /** Cents away from the key's pitch. */
  readonly detuneCents: number;
  /** The filter's cutoff is at most this, in absolute cents; Infinity when the note does not care. */
  readonly highestCutoff: number;
}

/** The host's half of a voice: it turns generators and modulators into the numbers that the kernel works with. */
export class Voice {
  articulation: Articulation | null = null;
  /** Key and velocity as the modulators see them (generators 46 and 47 may force them). */
  key = 0;
  velocity = 0;
  /** The key that was struck: which drum it is in a kit. */
  #struckKey = 0;
  /** Which note of its part the voice belongs to. */
  note = 0;
  /** Which voice of its part it is, counted from the start. */
  sequence = 0;
  onset = 0;
  exclusiveClass = 0;
  /** The part's player, by identity. */
  player: object | null = null;
  #linearVelocity = false;
  #detuneCents = 0;
  #highestCutoff = Number.POSITIVE_INFINITY;
  readonly #ints: Int32Array;
  readonly #floats: Float32Array;
  readonly #doubles: Float64Array;

  constructor(
    buffer: ArrayBufferLike,
    readonly address: number,
  ) {
    this.#ints = new Int32Array(buffer, address, at.VOICE_BYTES / 4);
    this.#floats = new Float32Array(buffer, address, at.VOICE_BYTES / 4);
    this.#doubles = new Float64Array(buffer, address, at.VOICE_BYTES / 8);
  }

  get isFree(): boolean {
    return this.#ints[at.STATE >> 2] === at.STATE_FREE;
  }

  /**
   * A digest (96 bits) of everything that the voice's own sound depends on, taken before it has begun: voices of equal keys
   * sound equal, up to their volume envelope, while nothing changes them.
   */
  soundKey(): string {
    const ints = this.#ints;
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
  get longest(): number {
    const ints = this.#ints;
    const floats = this.#floats;
    const floor = floats[at.VOL_FLOOR >> 2]!;
    let frames = ints[at.RELEASE_AT >> 2]! + Math.ceil(floor / floats[at.VOL_RELEASE_STEP >> 2]!);
    if (floats[at.VOL_SUSTAIN >> 2]! < floor) {
      const decayed = ints[at.VOL_DECAY_AT >> 2]! + Math.ceil(floor / floats[at.VOL_DECAY_STEP >> 2]!);
      if (decayed < ints[at.RELEASE_AT >> 2]!) frames = decayed;
    }
    if (ints[at.LOOP_MODE >> 2] === at.LOOP_NONE && this.#isSteady) {
      const recorded = ints[at.SAMPLE_END >> 2]! - ints[(at.PHASE + 4) >> 2]!;
      const increment = 2 ** this.#doubles[at.PITCH >> 3]!;
      frames = Math.min(frames, ints[at.VOL_ATTACK_AT >> 2]! + Math.ceil(recorded / increment));
    }
    return frames + 2 * at.PERIOD_FRAMES;
  }

  /** Nothing moves the pitch. */
  get #isSteady(): boolean {
    const floats = this.#floats;
    return (
      floats[at.MOD_LFO_TO_PITCH >> 2] === 0 &&
      floats[at.VIB_LFO_TO_PITCH >> 2] === 0 &&
      floats[at.MOD_ENV_TO_PITCH >> 2] === 0 &&
      floats[at.GLIDE >> 2] === 0
    );
  }

  /** Describes the voice's sound, which others will share, in a block of kernel memory. */
  describeSound(words: Int32Array): void {
    words.set(this.#ints.subarray(0, at.SOUND_FRAMES >> 2));
  }

  /** The voice plays a sound that has been described by one whose key is the same. */
  share(address: number): void {
    this.#ints[at.SHARED_SOUND >> 2] = address;
  }

  get isCut(): boolean {
    return this.#floats[at.CUT_STEP >> 2]! < 1;
  }

  start(
    articulation: Articulation,
    note: number,
    start: NoteStart,
    channel: Channel,
    context: VoiceContext,
    accumulators: number,
  ): void {
    const { generators, region, sample } = articulation;
    const ints = this.#ints;
    const floats = this.#floats;
    this.articulation = articulation;
    this.note = note;
    this.onset = start.onset;
    this.key = generators[Gen.keynum]! >= 0 ? generators[Gen.keynum]! : start.key;
    this.velocity = generators[Gen.velocity]! >= 0 ? generators[Gen.velocity]! : start.velocity;
    this.exclusiveClass = generators[Gen.exclusiveClass]!;
    this.#struckKey = start.key;
    this.#linearVelocity = start.linearVelocity;
    this.#detuneCents = start.detuneCents;
    this.#highestCutoff = start.highestCutoff;
    ints.fill(0);
    const alignment = start.onset % at.PERIOD_FRAMES;
    ints[at.ALIGNMENT >> 2] = alignment;
    ints[at.RELEASE_AT >> 2] = Math.min(NEVER, start.length);
    ints[at.STATE >> 2] = at.STATE_SOUNDING;
    ints[at.ACCUMULATORS >> 2] = accumulators;
    ints[at.SAMPLE >> 2] = sample.address;
    ints[at.SAMPLE_END >> 2] = region.end;
    ints[at.TAIL_FROM >> 2] = region.end;
    ints[(at.PHASE + 4) >> 2] = region.start;
    const mode = generators[Gen.sampleModes]!;
    if (region.loop !== null && (mode === 1 || mode === 3)) {
      ints[at.LOOP_MODE >> 2] = mode;
      ints[at.TAIL >> 2] = region.loop.tail;
      ints[at.TAIL_FROM >> 2] = region.loop.tailFrom;
      ints[at.WRAP_AT >> 2] = region.loop.wrapAt;
      ints[at.WRAP_LENGTH >> 2] = region.loop.wrapLength;
    }
    floats[at.VOL_RELEASED_FROM >> 2] = 1;
    floats[at.FILTER_CUTOFF >> 2] = -1;
    floats[at.TREMOLO >> 2] = 1;
    floats[at.CUT_STEP >> 2] = 1;
    floats[at.CUT >> 2] = 1;
    this.#glide(start, channel, generators[Gen.scaleTuning]!, context);
    this.#modulate(channel);
    this.#setEnvelopes(context, sample.peak);
    this.#setSound(channel, context);
    this.#setGains(channel, context.sends, true);
  }

  /** Takes over what events have changed in the channel. */
  update(channel: Channel, context: VoiceContext): void {
    this.#modulate(channel);
    this.#setRelease(context);
    this.#setSound(channel, context);
    this.#setGains(channel, context.sends, false);
  }

  /** Fades the voice out, by a factor per period. */
  cut(step: number): void {
    const floats = this.#floats;
    floats[at.CUT_STEP >> 2] = Math.min(floats[at.CUT_STEP >> 2]!, step);
  }

  /** Portamento as FluidSynth has it: controller 5 (with 37) is a time in milliseconds. */
  #glide(start: NoteStart, channel: Channel, scale: number, context: VoiceContext): void {
    const { controllers } = channel;
    const from = start.glideFrom;
    if (from < 0 || from === start.key) return;
    const milliseconds = controllers[5]! * 128 + controllers[37]!;
    const frames = Math.max(1, (milliseconds / 1000) * context.sampleRate);
    const octaves = ((from - start.key) * scale) / 1200;
    this.#floats[at.GLIDE >> 2] = octaves;
    this.#floats[at.GLIDE_STEP >> 2] = -octaves / frames;
  }

  /** Adds the modulators to the generators. */
  #modulate(channel: Channel): void {
    const { generators, modulators } = this.articulation!;
    const { offsets } = channel;
    for (let i = 0; i < GENERATOR_COUNT; i++) sum[i] = generators[i]! + offsets[i]!;
    noteAttenuation = sum[Gen.initialAttenuation]! * ATTENUATION_FACTOR;
    channelAttenuation = 0;
    let vibratoChange = channel.vibratoChange;
    for (let i = 0; i < modulators.length; i++) {
      const modulator = modulators[i]!;
      const { source, destination } = modulator;
      const attenuates = destination === Gen.initialAttenuation;
      const ofNote =
        (source & CONTROLLER_SOURCE) === 0 && ((source & 0x7f) === Source.velocity || (source & 0x7f) === Source.key);
      if (attenuates && this.#linearVelocity && source !== 0 && (source & 0xff) === Source.velocity) continue;
      let value = channel.source(source, this.key, this.velocity);
      if (value === 0) continue;
      if (modulator.amountSource !== 0) value *= channel.source(modulator.amountSource, this.key, this.velocity);
      value *= modulator.amount;
      if (destination === Gen.vibLfoToPitch && (source & 0xff) === (CONTROLLER_SOURCE | 1))
        value *= channel.modulationDepth / 50;
      if (destination === Gen.vibLfoToPitch && (source & 0xff) === VIBRATO_DEPTH) {
        vibratoChange += value;
        continue;
      }
      if (modulator.transform === 2) value = Math.abs(value);
      if (!attenuates) sum[destination]! += value;
      else if (ofNote && modulator.amountSource === 0) noteAttenuation += value;
      else channelAttenuation += value;
    }
    sum[Gen.vibLfoToPitch] = deepened(sum[Gen.vibLfoToPitch]!, vibratoChange);
    if (channel.percussion) channelAttenuation += channel.drums.apply(this.#struckKey, sum, generators);
  }

  /** Times of the volume and modulation envelopes and LFOs (SF2.04 8.1.2, generators 21-40), from the note's start on. */
  #setEnvelopes(context: VoiceContext, peak: number): void {
    const { sampleRate } = context;
    const ints = this.#ints;
    const floats = this.#floats;
    const fromMiddle = 60 - this.key;
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
    this.#setRelease(context);

    const loudest = peak * octavesToGain(-centibelsToOctaves(clampAttenuation(noteAttenuation))) * this.#velocityGain();
    floats[at.VOL_FLOOR >> 2] = loudest > NOISE_FLOOR ? Math.log2(NOISE_FLOOR / loudest) : 0;
  }

  #setRelease({ sampleRate }: VoiceContext): void {
    const release = timecentsToSeconds(clampGenerator(Gen.releaseVolEnv, sum[Gen.releaseVolEnv]!));
    const step = -FULL_DECAY_OCTAVES / Math.max(1, release * sampleRate);
    this.#floats[at.VOL_RELEASE_STEP >> 2] = step;
    this.#floats[at.VOL_RELEASE_FACTOR >> 2] = octavesToGain(step * at.PERIOD_FRAMES);
  }

  /** Pitch, filter and LFOs. */
  #setSound(channel: Channel, context: VoiceContext): void {
    const { sample, generators } = this.articulation!;
    const ints = this.#ints;
    const floats = this.#floats;
    const forced = generators[Gen.overridingRootKey]!;
    const root = forced >= 0 ? forced : sample.rootKey;
    let cents = (this.key - root) * generators[Gen.scaleTuning]! + sample.correction;
    cents += sum[Gen.coarseTune]! * 100 + sum[Gen.fineTune]! + context.tuningCents;
    cents += channel.fineTuning + channel.masterTuning + channel.keyTuning[this.key]! + this.#detuneCents;
    if (!channel.percussion) cents += channel.coarseTuning;
    const octaves = Math.min(
      HIGHEST_PITCH,
      Math.max(-20, cents / 1200 + Math.log2(sample.sampleRate / context.sampleRate)),
    );
    this.#doubles[at.PITCH >> 3] = octaves;
    const increment = 2 ** octaves;
    ints[(at.INCREMENT + 4) >> 2] = Math.floor(increment);
    ints[at.INCREMENT >> 2] = (increment - Math.floor(increment)) * 4294967296;

    const modToPitch = sum[Gen.modLfoToPitch]! / 1200;
    const vibToPitch = sum[Gen.vibLfoToPitch]! / 1200;
    const envToPitch = sum[Gen.modEnvToPitch]! / 1200;
    const modToCutoff = sum[Gen.modLfoToFilterFc]! / 1200;
    const envToCutoff = sum[Gen.modEnvToFilterFc]! / 1200;
    const toGain = centibelsToOctaves(clampGenerator(Gen.modLfoToVolume, sum[Gen.modLfoToVolume]!));
    floats[at.MOD_LFO_TO_PITCH >> 2] = modToPitch;
    floats[at.VIB_LFO_TO_PITCH >> 2] = vibToPitch;
    floats[at.MOD_ENV_TO_PITCH >> 2] = envToPitch;
    floats[at.MOD_LFO_TO_CUTOFF >> 2] = modToCutoff;
    floats[at.MOD_ENV_TO_CUTOFF >> 2] = envToCutoff;
    floats[at.MOD_LFO_TO_GAIN >> 2] = toGain;
    floats[at.MOD_LFO_STEP >> 2] = Math.min(0.5, lfoCycles(sum[Gen.freqModLFO]!) / context.sampleRate);
    floats[at.VIB_LFO_STEP >> 2] = Math.min(0.5, lfoCycles(sum[Gen.freqVibLFO]!) / context.sampleRate);

    const cutoff = Math.min(sum[Gen.initialFilterFc]!, this.#highestCutoff);
    const resonance = Math.min(960, Math.max(0, sum[Gen.initialFilterQ]!));
    floats[at.CUTOFF >> 2] = cutoff / 1200;
    const inverse = resonanceToHalfInverseQ(resonance);
    if (floats[at.HALF_INVERSE_Q >> 2] !== Math.fround(inverse)) {
      floats[at.HALF_INVERSE_Q >> 2] = inverse;
      // SF2.04 8.1.3, generator 9: the gain at 0 Hz falls by half the height of the resonance.
      floats[at.FILTER_GAIN >> 2] = octavesToGain(-centibelsToOctaves(resonance) / 2);
      // The kernel computes coefficients when the cutoff changes.
      if (floats[at.FILTER_CUTOFF >> 2]! > 0) floats[at.FILTER_CUTOFF >> 2]! += 0.01;
    }
    let moves = 0;
    if (modToPitch !== 0 || modToCutoff !== 0 || toGain !== 0) moves |= at.MOD_LFO;
    if (vibToPitch !== 0) moves |= at.VIB_LFO;
    if (envToPitch !== 0 || envToCutoff !== 0) moves |= at.MOD_ENV;
    if (floats[at.GLIDE >> 2] !== 0) moves |= at.GLIDES;
    // A filter that is open lets everything pass (generator 8: above 20 kHz, without resonance); once in use it stays.
    const lowest = cutoff - Math.abs(modToCutoff) * 1200 + Math.min(0, envToCutoff) * 1200;
    if (lowest < 13500 || resonance > 0) moves |= at.FILTERS;
    ints[at.MOVES >> 2] = moves | (ints[at.MOVES >> 2]! & at.FILTERS);
  }

  /** Gains into the part's buses. */
  #setGains(channel: Channel, sends: boolean, atOnce: boolean): void {
    const floats = this.#floats;
    const attenuation = clampAttenuation(noteAttenuation + channelAttenuation);
    const volume = channel.masterVolume * channel.masterVolume;
    const gain =
      octavesToGain(-centibelsToOctaves(attenuation)) * this.#velocityGain() * volume * MASTER_GAIN * OSCILLATOR_SCALE;
    const pan = Math.min(500, Math.max(-500, sum[Gen.pan]!));
    const angle = ((pan + 500) / 1000) * (Math.PI / 2);
    const reverb = (gain * Math.min(1000, Math.max(0, sum[Gen.reverbEffectsSend]!))) / 1000;
    const chorus = (gain * Math.min(1000, Math.max(0, sum[Gen.chorusEffectsSend]!))) / 1000;
    const targets = at.GAIN_TARGETS >> 2;
    floats[targets] = pan >= 500 ? 0 : gain * Math.cos(angle);
    floats[targets + 1] = gain * Math.sin(angle);
    floats[targets + 2] = sends ? reverb : 0;
    floats[targets + 3] = sends ? chorus : 0;
    if (atOnce) floats.copyWithin(at.GAINS >> 2, targets, targets + 4);
  }

  #velocityGain(): number {
    return this.#linearVelocity ? this.velocity / 100 : 1;
  }
}

const VIBRATO_DEPTH = CONTROLLER_SOURCE | 77;

/** A vibrato of so many cents made deeper or flatter, but never turned upside down. */
function deepened(depth: number, change: number): number {
  return depth < 0 ? Math.min(0, depth - change) : Math.max(0, depth + change);
}

/** The fields that every voice's own sound depends on, and those of its modulation envelope. */
const SOUND_WORDS = words(0, at.VOL_ATTACK_AT).filter(
  (word) => ![at.ALIGNMENT, at.AGE, at.STATE, at.RELEASE_AT, at.TREMOLO].includes(word * 4),
);
const ENVELOPE_WORDS = words(at.MOD_ATTACK_AT, at.VOL_GAIN);

function words(from: number, to: number): number[] {
  return Array.from({ length: (to - from) >> 2 }, (_, i) => (from >> 2) + i);
}

/** Eleven octaves up, further than any key, bend and tuning take a real sample. */
const HIGHEST_PITCH = 10.9;

/** Generators with their modulators added, for the voice that is being set up; one thread, one voice at a time. */
const sum = new Float64Array(GENERATOR_COUNT);
/** Centibels that belong to the note for good, and that controllers may give back. */
let noteAttenuation = 0;
let channelAttenuation = 0;

function clampAttenuation(centibels: number): number {
  return Math.min(1440, Math.max(0, centibels));
}

/** A resonance of 0 is no hump at all (SF2.04 8.1.3, generator 9): Q = 1 / sqrt 2 there, and in dB above that elsewhere. */
function resonanceToHalfInverseQ(centibels: number): number {
  return 0.5 * Math.SQRT2 * octavesToGain(-centibelsToOctaves(centibels));
}
