import type {
  ListedFont,
  ListedInstrument,
  PartSummary,
  PresetNumber,
  TimedNote,
  Waveform,
} from '@musistrata/render-core';
import type { RenderOptions, RenderStatus, ScoreSummary, Warning, WebhookEvent } from './types.js';

export type { ListedFont, ListedInstrument, PartSummary, TimedNote, Waveform };

/** What a score holds and what its render would cost. */
export interface ScoreReport {
  readonly score: ScoreSummary;
  readonly parts: readonly PartReport[];
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

export interface PartReport extends PartSummary {
  /** What plays it at the service; null plays nothing. */
  readonly sound: {
    readonly kind: ListedInstrument['kind'];
    /** Of the instrument, or of the sound font. */
    readonly name: string;
    /** Null follows the part. */
    readonly preset: PresetNumber | null;
  } | null;
}

/** Samples that the service has in its samples folder. */
export interface ListedSamples {
  readonly name: string;
  /** Whether names of files (or instrument.json) say what sounds when, or SFZ files. */
  readonly type: 'samples' | 'sfz';
  /** What scores and requests call it; several when it has several SFZ files. */
  readonly instruments: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

/** Samples that the service has just taken in. */
export interface UploadedSamples extends ListedSamples {
  /** Files of the archive that no instrument can use: they were left out. The first 100. */
  readonly ignored: readonly string[];
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
  /** An archive of samples, as sent and once inflated. */
  readonly maxSamplesBytes: number;
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

/** How busy the service is. */
export interface ServerCapacity {
  /** Worker processes alive. */
  readonly stations: number;
  /** Renders that they run at once. */
  readonly slots: number;
  /** Distinct jobs waiting: equal renders wait as one. */
  readonly waiting: number;
  /** Of these, jobs that no living worker may take: it has another engine version. */
  readonly stranded: number;
  /** The same by engine version. */
  readonly queues: Readonly<
    Record<string, { readonly stations: number; readonly slots: number; readonly waiting: number }>
  >;
  /** Seconds of audio that wait. */
  readonly backlogSeconds: number;
  readonly renders: Readonly<Record<RenderStatus, number>>;
  /** Seconds of audio per second and slot; null before the first render. */
  readonly realTimeFactor: number | null;
  /** What one job takes, averaged; null before the first. */
  readonly jobSeconds: number | null;
  readonly storedBytes: number;
  /** Time until everything that waits is done; null when that is unknown. */
  readonly drainSeconds: number | null;
  readonly maxQueued: number;
}

/** One attempt to tell the webhook of a render. */
export interface Delivery {
  readonly event: WebhookEvent;
  readonly at: string;
  readonly attempt: number;
  /** HTTP status, or null when there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
  readonly delivered: boolean;
}
