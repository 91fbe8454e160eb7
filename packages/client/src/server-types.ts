import type { PartSummary, TimedNote } from '@musistrata/render-core';
import type { RenderOptions, ScoreSummary, Warning } from './types.js';

export type { PartSummary, TimedNote };

/** What a score holds and what its render would cost. */
export interface ScoreReport {
  readonly score: ScoreSummary;
  readonly parts: readonly PartSummary[];
  /** As they would be applied. */
  readonly options: RenderOptions;
  readonly warnings: readonly Warning[];
  readonly estimate: {
    /** Length of the audio, about. */
    readonly audioSeconds: number;
    /** What all files together cannot exceed. */
    readonly mostOutputBytes: number;
    /** Time to render it, by the measured speed of the service; null before it has rendered anything. */
    readonly renderSeconds: number | null;
  };
}

/** What the service accepts. */
export interface ServerLimits {
  /** A request body, as sent and once inflated. */
  readonly maxBodyBytes: number;
  readonly maxParts: number;
  readonly maxNotes: number;
  /** Length of the music. */
  readonly maxDurationSeconds: number;
  /** All audio files of a render together. */
  readonly maxOutputBytes: number;
  readonly maxSoundFontBytes: number;
  /** Longest that a request is held open. */
  readonly maxWaitSeconds: number;
  /** Renders that may wait. */
  readonly maxQueued: number;
  /** Null when there are no keys. */
  readonly maxUnfinishedPerKey: number | null;
  /** Submissions of one key; null is no limit. */
  readonly requestsPerMinute: number | null;
  readonly formats: readonly string[];
  readonly scoreFormats: readonly string[];
  readonly contentEncodings: readonly string[];
}
