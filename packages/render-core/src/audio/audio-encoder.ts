import type { AudioFormat } from './audio-format.js';

/** Text that a file carries about itself; an absent field is not written. */
export interface AudioTags {
  readonly title?: string;
  readonly artist?: string;
  readonly album?: string;
  readonly comment?: string;
  readonly date?: string;
  readonly genre?: string;
  readonly copyright?: string;
}

/** A named place in a file. */
export interface AudioMarker {
  readonly frame: number;
  readonly text: string;
}

/** Everything that decides the bytes of a file, but for the samples. */
export interface EncoderSettings {
  readonly format: AudioFormat;
  /** Hz. */
  readonly sampleRate: number;
  readonly channelCount: 1 | 2;
  /** Frames that will be written: headers hold it. */
  readonly frames: number;
  readonly bitDepth: 16 | 24 | 32;
  readonly float: boolean;
  readonly dither: boolean;
  /** Seed of the dither. */
  readonly seed: number;
  /** Position of the first frame in the whole render. */
  readonly firstFrame: number;
  /** Lossy formats only. */
  readonly bitrateKbps: number;
  readonly tags: AudioTags;
  readonly markers: readonly AudioMarker[];
  /** The whole file repeats without a seam. */
  readonly loop: boolean;
}

/** Writes one file to a sink, in memory that does not depend on its length. */
export interface AudioEncoder {
  /** @param signal one array per channel, full scale 1.0, at most 1024 frames */
  write(signal: readonly Float32Array[], frames: number): void;
  /** Completes the file after exactly {@link EncoderSettings.frames} frames. */
  finish(): void;
  /** Frees memory that the garbage collector does not know of; called once, finished or not. */
  close?(): void;
  /** Samples beyond full scale. */
  readonly clippedSamples: number;
  /** Bits per sample in the file; null where the format has no such thing. */
  readonly bitDepth: number | null;
}

/** The largest block that an encoder is given. */
export const ENCODER_BLOCK_FRAMES = 1024;
