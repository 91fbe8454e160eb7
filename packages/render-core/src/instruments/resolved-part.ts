import type { Effect } from '../options/effect-options.js';
import type { Part } from '../score/performance.js';
import type { PresetNumber, SoundSource } from './sound-source.js';

/** A part of the score with everything that decides its sound: what the catalogue has found for it and what the request sets. */
export interface ResolvedPart {
  readonly part: Part;
  /** What plays it; null when no instrument was found and the request allows that (`onMissing: skip`). */
  readonly source: SoundSource | null;
  /** Plays this preset throughout; null follows the part's own program changes. Only sound fonts have presets. */
  readonly preset: PresetNumber | null;
  readonly gainDb: number;
  /** 0 left, 0.5 centre, 1 right; null leaves the stereo image as the source makes it (which is what 0.5 does too). */
  readonly pan: number | null;
  readonly mute: boolean;
  /** When any part is solo, only solo parts sound. */
  readonly solo: boolean;
  /** Factor on what the part sends to the score-wide reverb; 1 leaves it as the source sends it. */
  readonly reverbSend: number;
  readonly chorusSend: number;
  /** In signal order, before gain and pan. */
  readonly effects: readonly Effect[];
}
