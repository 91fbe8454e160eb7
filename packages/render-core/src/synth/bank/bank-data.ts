import type { Modulator } from './modulators.js';

/**
 * A sound font in memory: plain data (and addresses of samples in the shared kernel memory), so that it can be handed to
 * other threads as it is.
 */
export interface BankData {
  readonly name: string;
  readonly samples: readonly SampleData[];
  readonly regions: readonly RegionData[];
  readonly instruments: readonly ZoneList[];
  readonly presets: readonly PresetData[];
  /** The modulators that every voice starts with. */
  readonly defaultModulators: readonly Modulator[];
  /** Frames of all samples together. */
  readonly sampleFrames: number;
  /** Names of compressed samples that could not be decoded: they are silent. */
  readonly undecodable: readonly string[];
}

/** One recorded sample, 16-bit, with silence before and after it. */
export interface SampleData {
  readonly name: string;
  /** Byte address of frame 0 in kernel memory. */
  readonly address: number;
  readonly frames: number;
  /** Hz. */
  readonly sampleRate: number;
  /** MIDI key at which the sample sounds as recorded, and the cents to add to its pitch. */
  readonly rootKey: number;
  readonly correction: number;
  /** First frame of the loop and first frame after it. */
  readonly loopStart: number;
  readonly loopEnd: number;
  /** Largest absolute value, 0 to 1. */
  readonly peak: number;
}

/** What an instrument zone plays of a sample: the addresses that its generators set, clamped to the sample (generators 0-4, 12, 45, 50). */
export interface RegionData {
  /** Index of the sample. */
  readonly sample: number;
  /** First frame, and first frame that is not played. */
  readonly start: number;
  readonly end: number;
  readonly loop: LoopData | null;
}

/**
 * How the loop is read without looking for its end at every frame: from `tailFrom` on frames come from an unrolled copy of
 * the loop, frame p at byte `tail` + 2 p, and at `wrapAt` the position falls back by `wrapLength`, a multiple of the loop's length.
 */
export interface LoopData {
  readonly tail: number;
  readonly tailFrom: number;
  readonly wrapAt: number;
  readonly wrapLength: number;
}

/** Zones of an instrument or preset; the global one holds what the others do not set themselves (SF2.04 7.3, 7.7). */
export interface ZoneList {
  readonly global: ZoneData | null;
  readonly zones: readonly ZoneData[];
}

export interface ZoneData {
  readonly lowKey: number;
  readonly highKey: number;
  readonly lowVelocity: number;
  readonly highVelocity: number;
  /** Pairs of generator number and value. */
  readonly generators: readonly (readonly [generator: number, value: number])[];
  readonly modulators: readonly Modulator[];
  /** Index of the region (instrument zones) or instrument (preset zones); -1 for global zones. */
  readonly target: number;
}

export interface PresetData extends ZoneList {
  readonly name: string;
  /** 0-127 of controller 0; with `bankLow` of controller 32. Percussion kits of General MIDI (SoundFont bank 128) have bank 0. */
  readonly bank: number;
  readonly bankLow: number;
  readonly program: number;
  readonly percussion: boolean;
}
