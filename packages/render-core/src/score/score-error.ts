/** Stable codes of everything that can be wrong with a score; docs/errors.md explains each. */
export const SCORE_ERROR_CODES = [
  'score-unreadable',
  'score-format-unknown',
  'score-too-large',
  'score-too-long',
  'score-invalid',
] as const;

export type ScoreErrorCode = (typeof SCORE_ERROR_CODES)[number];

export interface ScoreFault {
  /** JSON pointer (RFC 6901) into the score; empty for the score as a whole and for scores that are not JSON. */
  readonly pointer: string;
  readonly message: string;
}

/** Why a score cannot be read or rendered: what failed, why, and what to do about it. */
export class ScoreError extends Error {
  override readonly name = 'ScoreError';

  constructor(
    readonly code: ScoreErrorCode,
    /** HTTP status that fits: 400 unreadable, 413 over a limit, 415 unknown format, 422 readable but not renderable. */
    readonly status: 400 | 413 | 415 | 422,
    message: string,
    /** Every fault found (bounded), at least one. */
    readonly errors: readonly ScoreFault[] = [{ pointer: '', message }],
  ) {
    super(message);
  }

  /** The bytes are not what they claim to be. */
  static unreadable(message: string): ScoreError {
    return new ScoreError('score-unreadable', 400, message);
  }

  /** None of the formats that can be read. */
  static formatUnknown(): ScoreError {
    return new ScoreError(
      'score-format-unknown',
      415,
      'The score has an unknown format. Send a MusiStrata song (JSON), a MIDI file (.mid, .kar, .rmi), MusicXML (.musicxml, .mxl) or Guitar Pro (.gp3 to .gp8).',
    );
  }

  /** More of something than the limits allow. */
  static tooLarge(what: string, found: number, limit: number): ScoreError {
    const message = `The score is too large: it has ${found.toLocaleString('en')} ${what}, the limit is ${limit.toLocaleString('en')}. Split it, or raise the limit on a server of your own.`;
    return new ScoreError('score-too-large', 413, message);
  }

  /** The music lasts longer than the limits allow. */
  static tooLong(seconds: number, limitSeconds: number): ScoreError {
    const length = seconds < 1e9 ? `${Math.ceil(seconds).toLocaleString('en')} s` : 'over thirty years';
    const message = `The score is too long: it lasts ${length}, the limit is ${limitSeconds.toLocaleString('en')} s. Check tempo and times, or split it.`;
    return new ScoreError('score-too-long', 413, message);
  }

  /** Readable, but what it says cannot be rendered. */
  static invalid(faults: readonly ScoreFault[]): ScoreError {
    const first = faults[0]!;
    const more = faults.length > 1 ? ` and ${faults.length - 1} more` : '';
    const message = `The score has values that cannot be rendered: ${first.pointer || 'the score'}: ${first.message}${more}. Correct the places listed in errors.`;
    return new ScoreError('score-invalid', 422, message, faults);
  }
}
