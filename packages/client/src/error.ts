/** One thing that is wrong with a request. */
export interface Fault {
  /** JSON pointer (RFC 6901) into the score or the options. */
  readonly pointer?: string;
  /** Query parameter. */
  readonly parameter?: string;
  /** Header field. */
  readonly header?: string;
  readonly message: string;
}

/** A refusal as the service sends it (RFC 9457). */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable; docs/errors.md explains each. */
  readonly code: string;
  readonly instance?: string;
  readonly requestId?: string;
  readonly errors?: readonly Fault[];
}

/** Codes of what goes wrong on this side of the connection; all other codes come from the service. */
export type ClientErrorCode =
  | 'network'
  | 'timeout'
  | 'answer-unreadable'
  | 'download-changed'
  | 'download-corrupt'
  | 'render-unfinished'
  | 'render-failed'
  | 'render-canceled';

export interface ErrorDetails {
  readonly status?: number | null;
  readonly problem?: ProblemDocument | null;
  readonly errors?: readonly Fault[];
  readonly retryAfter?: number | null;
  readonly cause?: unknown;
}

/** Everything that the service refuses and everything that keeps it from being reached. */
export class MusistrataError extends Error {
  override readonly name = 'MusistrataError';
  /** HTTP status, or null when there was no answer. */
  readonly status: number | null;
  /** What the service sent, when it sent a problem document. */
  readonly problem: ProblemDocument | null;
  /** Everything that is wrong with the request, all at once. */
  readonly errors: readonly Fault[];
  /** Seconds after which the service expects a repetition to make sense. */
  readonly retryAfter: number | null;

  constructor(
    /** Stable, kebab-case: one of docs/errors.md or a {@link ClientErrorCode}. */
    readonly code: string,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.status = details.status ?? null;
    this.problem = details.problem ?? null;
    this.errors = details.errors ?? details.problem?.errors ?? [];
    this.retryAfter = details.retryAfter ?? null;
  }
}

/** Narrows the codes of this side, so that a typing mistake in one is found by the compiler. */
export function clientError(code: ClientErrorCode, message: string, details?: ErrorDetails): MusistrataError {
  return new MusistrataError(code, message, details);
}
