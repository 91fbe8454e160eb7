import type { Warning } from '../../score/performance.js';
import type { Region } from './region.js';

/** Keys that choose among regions rather than sound. */
export interface KeySwitches {
  readonly lowKey: number;
  readonly highKey: number;
  /** In force until the first is struck; null is none. */
  readonly initial: number | null;
}

/** A playable set of regions, from a folder or an SFZ file. */
export interface SampleInstrument {
  readonly name: string;
  readonly regions: readonly Region[];
  readonly switches: KeySwitches | null;
  /** What a listener should know, once per render. */
  readonly warnings: readonly Warning[];
  /** Digest of the samples and of everything that says how they sound. */
  readonly identity: string;
}
