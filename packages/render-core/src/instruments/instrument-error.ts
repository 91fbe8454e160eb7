/** One thing that is wrong, and where. */
export interface InstrumentFault {
  /** JSON pointer (RFC 6901) into the document at hand, or a file name where there is no document. */
  readonly pointer: string;
  readonly message: string;
}

/** Stable codes of {@link InstrumentError}; docs/errors.md explains each. */
export const INSTRUMENT_ERROR_CODES = [
  'invalid-formula',
  'invalid-sample',
  'invalid-sample-folder',
  'invalid-sfz',
  'invalid-sound-font',
  'invalid-catalogue',
  'instrument-collision',
  'instrument-cycle',
  'unknown-instrument',
  'unknown-part',
  'part-set-twice',
  'unknown-sound-font',
] as const;

export type InstrumentErrorCode = (typeof INSTRUMENT_ERROR_CODES)[number];

/** An instrument, or a description of one, that cannot be used: every fault that was found, at once. */
export class InstrumentError extends Error {
  override readonly name = 'InstrumentError';
  /** HTTP status that fits where a request asked for it. */
  readonly status = 422;

  constructor(
    readonly code: InstrumentErrorCode,
    message: string,
    readonly errors: readonly InstrumentFault[] = [],
  ) {
    super(message);
  }
}
