import { InstrumentError } from '../instruments/instrument-error.js';
import { ScoreError } from '../score/score-error.js';

/** One thing that is wrong with a score or its options. */
export interface Fault {
  /** JSON pointer (RFC 6901) into the score or the options; empty for the whole. */
  readonly pointer: string;
  readonly message: string;
}

/** Why a job was refused, as plain data that crosses threads and processes. */
export interface Refusal {
  /** Stable, kebab-case. */
  readonly code: string;
  /** The HTTP status that fits: 400 unreadable, 413 too large, 415 unknown format, 422 not renderable. */
  readonly status: number;
  readonly message: string;
  readonly errors: readonly Fault[];
}

/** A job that can never succeed as it was sent: it is not worth another try. */
export class RefusedError extends Error implements Refusal {
  override readonly name = 'RefusedError';
  readonly code: string;
  readonly status: number;
  readonly errors: readonly Fault[];

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.code = refusal.code;
    this.status = refusal.status;
    this.errors = refusal.errors;
  }

  /** Options that are valid by themselves but do not fit the score. */
  static options(errors: readonly Fault[]): RefusedError {
    const message = errors.map((fault) => fault.message).join(' ');
    return new RefusedError({ code: 'options-invalid', status: 422, message, errors });
  }
}

/** What is wrong with the score, the options or the instruments that they ask for; null for faults of this machine. */
export function asRefusal(error: unknown): Refusal | null {
  if (!(error instanceof RefusedError || error instanceof ScoreError || error instanceof InstrumentError)) return null;
  const { code, status, message, errors } = error;
  return { code, status, message, errors };
}
