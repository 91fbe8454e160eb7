import type { Part, Warning } from '../score/performance.js';

/** Where a part's sound goes: the mixer clears these before each block and sources add to them. All arrays have {@link SourceContext.blockFrames} frames. */
export interface PartBus {
  readonly left: Float32Array;
  readonly right: Float32Array;
  /** Mono send to the score-wide reverb, already scaled by the part's send level. */
  readonly reverb: Float32Array;
  /** Mono send to the score-wide chorus. */
  readonly chorus: Float32Array;
}

/** A preset of a sound font or DLS bank. */
export interface PresetNumber {
  readonly bank: number;
  readonly program: number;
  readonly percussion: boolean;
}

/** One part to be played by a source. */
export interface PartAssignment {
  readonly part: Part;
  readonly bus: PartBus;
  /** Plays this preset throughout and ignores bank and program changes; null follows the part's own. Only sound fonts have presets. */
  readonly preset: PresetNumber | null;
}

export type Quality = 'draft' | 'standard' | 'high';

/** What is the same for every source in a render. */
export interface SourceContext {
  /** Hz, 8000-192000. */
  readonly sampleRate: number;
  /** The largest number of frames a call of {@link SourceRenderer.render} asks for. */
  readonly blockFrames: number;
  /** draft: linear interpolation; standard: at least 4 points; high: at least 8. */
  readonly quality: Quality;
  /** Frequency of A4 (key 69) in Hz. */
  readonly tuningHz: number;
  /** Most voices at once over the parts of this source, or null for no limit. */
  readonly maxVoices: number | null;
  /** False when nothing listens to the reverb and chorus sends, so that sources may leave them silent. @default true */
  readonly sends?: boolean;
  /**
   * Threads that a source may use beside the one that renders, which then waits for them. The sound is the same
   * for any number. @default 0
   */
  readonly helperThreads?: number;
  /** Seed of everything that is random in a source; equal seeds give equal bytes. */
  readonly seed: number;
  readonly warn: (warning: Warning) => void;
}

/**
 * Anything that can play parts: a sound font, a folder of samples, a formula, a layered instrument.
 * Immutable once loaded and shared between renders.
 */
export interface SoundSource {
  readonly kind: 'soundfont' | 'samples' | 'formula' | 'layers';
  readonly name: string;
  /** A digest of everything in the source that affects its sound: part of a render's content address. */
  readonly identity: string;
  /** Prepares to play the given parts from time 0. All memory that rendering needs is taken here. */
  open(parts: readonly PartAssignment[], context: SourceContext): SourceRenderer;
}

/** A source at work on the parts of one render. */
export interface SourceRenderer {
  /**
   * Adds the next `frames` frames (1 to blockFrames) of every part to its bus. MUST NOT allocate. Onsets and releases are exact to the frame,
   * and the sound does not depend on how a stretch is divided into calls.
   */
  render(frames: number): void;
  /** Voices that sounded in the last block. */
  readonly voiceCount: number;
  /** True while a voice sounds or an event is still to come. */
  readonly active: boolean;
  /** Notes cut or refused because of {@link SourceContext.maxVoices}. */
  readonly stolenNotes: number;
  /** Gives back what `open` took. Safe to call twice. */
  close(): void;
}
