import { ScoreError } from './score-error.js';

/** What a score may ask for. Checked by arithmetic before memory is spent on it. */
export interface ScoreLimits {
  /** Size of the score as sent. */
  readonly maxBytes: number;
  /** Size of a compressed score once inflated. Sixteen megabytes of MusicXML take alphaTab about ten seconds. */
  readonly maxInflatedBytes: number;
  readonly maxParts: number;
  readonly maxNotes: number;
  /** Notes and all other events, after those that concern every part have been copied to every part. */
  readonly maxEvents: number;
  /** Length of the music without its tail. */
  readonly maxDurationSeconds: number;
}

export const DEFAULT_SCORE_LIMITS: ScoreLimits = {
  maxBytes: 16 * 1024 * 1024,
  maxInflatedBytes: 16 * 1024 * 1024,
  maxParts: 256,
  maxNotes: 1_000_000,
  maxEvents: 2_000_000,
  maxDurationSeconds: 7200,
};

/** Throws a {@link ScoreError} when a score that has been measured is over one of its limits. */
export function checkSize(
  size: { readonly parts: number; readonly notes: number; readonly events: number },
  limits: ScoreLimits,
): void {
  if (size.parts > limits.maxParts) throw ScoreError.tooLarge('parts', size.parts, limits.maxParts);
  if (size.notes > limits.maxNotes) throw ScoreError.tooLarge('notes', size.notes, limits.maxNotes);
  if (size.events > limits.maxEvents) throw ScoreError.tooLarge('events', size.events, limits.maxEvents);
}

/** Throws when the music lasts too long, or when its length is no number at all. */
export function checkDuration(seconds: number, limits: ScoreLimits): void {
  if (!(seconds <= limits.maxDurationSeconds)) throw ScoreError.tooLong(seconds, limits.maxDurationSeconds);
}
