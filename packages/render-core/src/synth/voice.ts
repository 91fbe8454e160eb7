import type { Articulation } from './bank/articulation.js';
import { clampGenerator, Gen } from './bank/generators.js';
import type { Channel } from './channel.js';
import { OSCILLATOR_SCALE } from './interpolation-tables.js';
import { ModulatedGenerators } from './modulated-generators.js';
import { centibelsToOctaves, lfoCycles, octavesToGain } from './units.js';
import { setEnvelopes, setRelease } from './voice-envelopes.js';
import * as at from './voice-layout.js';
import { longestSound, soundKey, type VoiceFields } from './voice-sound.js';
import type { VoiceTemplates } from './voice-templates.js';

/**
 * Loudness of a voice at full scale, so that levels are those of FluidSynth as it comes: its gain of 0.2, 1.51 dB that its
 * filter adds to every voice, less 0.41 dB because its curves of velocity, volume and expression end at 127/128.
 */
export const MASTER_GAIN = 0.2 * 2 ** 0.25 * 10 ** (-0.41 / 20);
/** Level below which a voice is inaudible, re full scale before the master gain (-90 dB, one step of 16 bits). */
const NOISE_FLOOR = 3e-5;
const NEVER = 0x7fffffff;

/** What all voices of a render share. */
export interface VoiceContext {
  readonly sampleRate: number;
  /** Cents that A4 is away from 440 Hz. */
  readonly tuningCents: number;
  /** Whether anything listens to the reverb and chorus sends. */
  readonly sends: boolean;
}

/** What the voices of a part have in common. */
export interface VoicePart {
  readonly channel: Channel;
  readonly context: VoiceContext;
  readonly templates: VoiceTemplates;
  /** Where they are added up. */
  readonly accumulators: number;
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
  struckKey = 0;
  /** Which note of its part the voice belongs to. */
  note = 0;
  /** Which voice of its part it is, counted from the start. */
  sequence = 0;
  onset = 0;
  exclusiveClass = 0;
  /** The part's player, by identity. */
  player: object | null = null;
  linearVelocity = false;
  #detuneCents = 0;
  #highestCutoff = Number.POSITIVE_INFINITY;
  readonly #ints: Int32Array;
  readonly #floats: Float32Array;
  readonly #doubles: Float64Array;
  readonly #fields: VoiceFields;

  constructor(
    buffer: ArrayBufferLike,
    readonly address: number,
  ) {
    this.#ints = new Int32Array(buffer, address, at.VOICE_BYTES / 4);
    this.#floats = new Float32Array(buffer, address, at.VOICE_BYTES / 4);
    this.#doubles = new Float64Array(buffer, address, at.VOICE_BYTES / 8);
    this.#fields = { ints: this.#ints, floats: this.#floats, doubles: this.#doubles };
  }

  get isFree(): boolean {
    return this.#ints[at.STATE >> 2] === at.STATE_FREE;
  }

  /** See soundKey() of voice-sound.ts. */
  soundKey(): string {
    return soundKey(this.#fields);
  }

  /** See longestSound() of voice-sound.ts. */
  get longest(): number {
    return longestSound(this.#fields);
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

  start(articulation: Articulation, note: number, start: NoteStart, part: VoicePart): void {
    const { generators } = articulation;
    const ints = this.#ints;
    this.articulation = articulation;
    this.note = note;
    this.onset = start.onset;
    this.key = generators[Gen.keynum]! >= 0 ? generators[Gen.keynum]! : start.key;
    this.velocity = generators[Gen.velocity]! >= 0 ? generators[Gen.velocity]! : start.velocity;
    this.exclusiveClass = generators[Gen.exclusiveClass]!;
    this.struckKey = start.key;
    this.linearVelocity = start.linearVelocity;
    this.#detuneCents = start.detuneCents;
    this.#highestCutoff = start.highestCutoff;
    // Notes that say more than key and velocity are set up one by one.
    const isPlain = start.glideFrom < 0 && start.detuneCents === 0 && start.highestCutoff === Number.POSITIVE_INFINITY;
    ints.fill(0);
    if (!isPlain || !part.templates.copy(articulation.index, start.key, start.velocity, ints)) {
      this.#setUp(articulation, start, part);
      if (isPlain) part.templates.keep(articulation.index, start.key, start.velocity, ints);
    }
    ints[at.ALIGNMENT >> 2] = start.onset % at.PERIOD_FRAMES;
    ints[at.RELEASE_AT >> 2] = Math.min(NEVER, start.length);
  }

  /** Everything but when the note begins and ends. */
  #setUp({ generators, region, sample }: Articulation, start: NoteStart, part: VoicePart): void {
    const { channel, context } = part;
    const ints = this.#ints;
    const floats = this.#floats;
    ints[at.STATE >> 2] = at.STATE_SOUNDING;
    ints[at.ACCUMULATORS >> 2] = part.accumulators;
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
    modulated.add(this.articulation!, this, channel);
    setEnvelopes(this.#fields, modulated.sum, this.key, context.sampleRate);
    this.#setFloor(sample.peak);
    this.#setSound(channel, context);
    this.#setGains(channel, context.sends, true);
  }

  /** Takes over what events have changed in the channel. */
  update(channel: Channel, context: VoiceContext): void {
    modulated.add(this.articulation!, this, channel);
    setRelease(this.#fields, modulated.sum, context.sampleRate);
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

  /** Where the volume envelope has become inaudible, for a sample of this peak. */
  #setFloor(peak: number): void {
    const loudest =
      peak * octavesToGain(-centibelsToOctaves(clampAttenuation(modulated.noteAttenuation))) * this.#velocityGain();
    this.#floats[at.VOL_FLOOR >> 2] = loudest > NOISE_FLOOR ? Math.log2(NOISE_FLOOR / loudest) : 0;
  }

  /** Pitch, filter and LFOs. */
  #setSound(channel: Channel, context: VoiceContext): void {
    const { sample, generators } = this.articulation!;
    const ints = this.#ints;
    const floats = this.#floats;
    const forced = generators[Gen.overridingRootKey]!;
    const root = forced >= 0 ? forced : sample.rootKey;
    let cents = (this.key - root) * generators[Gen.scaleTuning]! + sample.correction;
    cents += modulated.sum[Gen.coarseTune]! * 100 + modulated.sum[Gen.fineTune]! + context.tuningCents;
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

    const modToPitch = modulated.sum[Gen.modLfoToPitch]! / 1200;
    const vibToPitch = modulated.sum[Gen.vibLfoToPitch]! / 1200;
    const envToPitch = modulated.sum[Gen.modEnvToPitch]! / 1200;
    const modToCutoff = modulated.sum[Gen.modLfoToFilterFc]! / 1200;
    const envToCutoff = modulated.sum[Gen.modEnvToFilterFc]! / 1200;
    const toGain = centibelsToOctaves(clampGenerator(Gen.modLfoToVolume, modulated.sum[Gen.modLfoToVolume]!));
    floats[at.MOD_LFO_TO_PITCH >> 2] = modToPitch;
    floats[at.VIB_LFO_TO_PITCH >> 2] = vibToPitch;
    floats[at.MOD_ENV_TO_PITCH >> 2] = envToPitch;
    floats[at.MOD_LFO_TO_CUTOFF >> 2] = modToCutoff;
    floats[at.MOD_ENV_TO_CUTOFF >> 2] = envToCutoff;
    floats[at.MOD_LFO_TO_GAIN >> 2] = toGain;
    floats[at.MOD_LFO_STEP >> 2] = Math.min(0.5, lfoCycles(modulated.sum[Gen.freqModLFO]!) / context.sampleRate);
    floats[at.VIB_LFO_STEP >> 2] = Math.min(0.5, lfoCycles(modulated.sum[Gen.freqVibLFO]!) / context.sampleRate);

    const cutoff = Math.min(modulated.sum[Gen.initialFilterFc]!, this.#highestCutoff);
    const resonance = Math.min(960, Math.max(0, modulated.sum[Gen.initialFilterQ]!));
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
    const attenuation = clampAttenuation(modulated.noteAttenuation + modulated.channelAttenuation);
    const volume = channel.masterVolume * channel.masterVolume;
    const gain =
      octavesToGain(-centibelsToOctaves(attenuation)) * this.#velocityGain() * volume * MASTER_GAIN * OSCILLATOR_SCALE;
    const pan = Math.min(500, Math.max(-500, modulated.sum[Gen.pan]!));
    const angle = ((pan + 500) / 1000) * (Math.PI / 2);
    const reverb = (gain * Math.min(1000, Math.max(0, modulated.sum[Gen.reverbEffectsSend]!))) / 1000;
    const chorus = (gain * Math.min(1000, Math.max(0, modulated.sum[Gen.chorusEffectsSend]!))) / 1000;
    const targets = at.GAIN_TARGETS >> 2;
    floats[targets] = pan >= 500 ? 0 : gain * Math.cos(angle);
    floats[targets + 1] = gain * Math.sin(angle);
    floats[targets + 2] = sends ? reverb : 0;
    floats[targets + 3] = sends ? chorus : 0;
    if (atOnce) floats.copyWithin(at.GAINS >> 2, targets, targets + 4);
  }

  #velocityGain(): number {
    return this.linearVelocity ? this.velocity / 100 : 1;
  }
}

/** Eleven octaves up, further than any key, bend and tuning take a real sample. */
const HIGHEST_PITCH = 10.9;

/** For the voice that is being set up; one thread, one voice at a time. */
const modulated = new ModulatedGenerators();

function clampAttenuation(centibels: number): number {
  return Math.min(1440, Math.max(0, centibels));
}

/** A resonance of 0 is no hump at all (SF2.04 8.1.3, generator 9): Q = 1 / sqrt 2 there, and in dB above that elsewhere. */
function resonanceToHalfInverseQ(centibels: number): number {
  return 0.5 * Math.SQRT2 * octavesToGain(-centibelsToOctaves(centibels));
}
