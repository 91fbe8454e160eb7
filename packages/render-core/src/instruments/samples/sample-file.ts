import type { WavHeader } from './wav-header.js';

/** A sample on disk whose header has been read and checked. */
export interface SampleFile {
  readonly path: string;
  /** As the instrument calls it. */
  readonly name: string;
  readonly header: WavHeader;
  /** SHA-256 of the file. */
  readonly digest: string;
  /** Brings its largest absolute value to 1. */
  readonly normalize: boolean;
}
