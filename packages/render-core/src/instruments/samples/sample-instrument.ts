import type { Region } from './region.js';

/** A playable set of regions, from a folder or an SFZ file. */
export interface SampleInstrument {
  readonly name: string;
  readonly regions: readonly Region[];
  /** Digest of the samples and of everything that says how they sound. */
  readonly identity: string;
}
