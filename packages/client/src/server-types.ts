import type { RenderOptions, ScoreSummary, Warning } from './types.js';

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

export interface PartSummary {
  /** Place in the score, from 0. */
  readonly index: number;
  readonly name: string;
  /** MIDI channel 1-16. */
  readonly channel: number | null;
  readonly port: number;
  readonly percussion: boolean;
  /** What the score asks for; null when program changes decide. */
  readonly instrument: {
    readonly name: string | null;
    readonly program: number | null;
    readonly bank: number;
    readonly pointer?: string | undefined;
  } | null;
  /** Programs that the part changes to, each once. */
  readonly programs: readonly number[];
  readonly noteCount: number;
  /** MIDI key. */
  readonly lowestKey: number | null;
  readonly highestKey: number | null;
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
