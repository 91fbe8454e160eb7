import type { EnvelopeShape } from '../playing/envelope.js';
import type { BendRange } from '../playing/voice-pitch.js';
import type { Crossfade } from './crossfade.js';
import type { MotionEnvelopeShape } from './motion-envelope.js';
import type { ControllerDepth, MotionOscillator } from './motion-oscillator.js';
import type { SampleFile } from './sample-file.js';
import type { SampleLoop } from './wav-header.js';

export type LoopMode = 'none' | 'one-shot' | 'continuous' | 'sustain';
export type Trigger = 'attack' | 'release' | 'first' | 'legato';
export type FilterType = 'lowpass1' | 'highpass1' | 'lowpass2' | 'highpass2' | 'bandpass2' | 'bandreject2';

export interface RegionFilter {
  readonly type: FilterType;
  /** Hz at the key of `keyCenter` and full velocity. */
  readonly cutoff: number;
  /** Height of the peak at the cutoff in dB. */
  readonly resonance: number;
  /** Cents of cutoff per key, and at full velocity. */
  readonly keyTrack: number;
  readonly keyCenter: number;
  readonly velocityTrack: number;
}

/** What moves a region while it sounds, beside its volume envelope. */
export interface RegionMotion {
  readonly pitchEnvelope: MotionEnvelopeShape | null;
  readonly pitchOscillator: MotionOscillator | null;
  readonly filterEnvelope: MotionEnvelopeShape | null;
  readonly filterOscillator: MotionOscillator | null;
  /** In decibels. */
  readonly levelOscillator: MotionOscillator | null;
  /** Cents of cutoff at 127 of controllers and at full channel pressure. */
  readonly cutoffControllers: readonly ControllerDepth[];
  readonly cutoffPressure: number;
  /** Whether anything of these moves the cutoff. */
  readonly movesFilter: boolean;
}

/** A sample and when and how it sounds: what sample folders and SFZ files both come down to. */
export interface Region {
  readonly sample: SampleFile;
  /** Keys and velocities that it answers to, both ends included. */
  readonly lowKey: number;
  readonly highKey: number;
  readonly lowVelocity: number;
  readonly highVelocity: number;
  /** The key at which the sample sounds as recorded, which may be fractional. */
  readonly rootKey: number;
  /** Cents per key; 100 is equal temperament, 0 the same pitch everywhere. */
  readonly keyTrack: number;
  readonly tuneCents: number;
  /** Cents at full velocity. */
  readonly pitchVelocityTrack: number;
  /** How far the wheel bends; null as far as the channel says. */
  readonly bend: BendRange | null;
  readonly gainDb: number;
  /** Decibels per key above `levelKeyCenter`. */
  readonly levelKeyTrack: number;
  readonly levelKeyCenter: number;
  /** -1 left, 0 centre, 1 right. */
  readonly pan: number;
  /** Share of the velocity curve that applies: 1 all, 0 none, -1 upside down. Scores with linear velocities do not ask. */
  readonly velocityTrack: number;
  readonly keyFade: Crossfade | null;
  readonly velocityFade: Crossfade | null;
  /** Stretch of the sample that is played, in frames of the file; `end` is the first frame after it. */
  readonly offset: number;
  readonly end: number;
  readonly loopMode: LoopMode;
  readonly loop: SampleLoop | null;
  readonly envelope: EnvelopeShape;
  readonly filter: RegionFilter | null;
  readonly motion: RegionMotion | null;
  /** Whether the modulation wheel and channel pressure bring the usual vibrato, or something of the region's own. */
  readonly wheelVibrato: boolean;
  readonly pressureVibrato: boolean;
  readonly trigger: Trigger;
  /** Round robin: sounds at the `sequencePosition`-th (from 1) of every `sequenceLength` notes. */
  readonly sequenceLength: number;
  readonly sequencePosition: number;
  /** Sounds when the note's random number in 0-1 is in [lowRandom, highRandom). */
  readonly lowRandom: number;
  readonly highRandom: number;
  /** A note in group `offBy` silences this region; null when none does. */
  readonly group: number | null;
  readonly offBy: number | null;
  readonly offMode: 'fast' | 'normal';
  /** Sounds only while this was the last key switch that was struck; null always. */
  readonly switchKey: number | null;
  /** Release samples get softer by this many dB for every second that the key was held. */
  readonly releaseDecay: number;
}
