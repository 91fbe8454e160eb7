/** One thing that is wrong, and where. */
export interface InstrumentFault {
  /** JSON pointer (RFC 6901) into the document at hand, or a file name where there is no document. */
  readonly pointer: string;
  readonly message: string;
}

/** Stable codes of {@link InstrumentError}, documented in docs/errors.md. */
export type InstrumentErrorCode =
  | 'invalid-formula'
  | 'invalid-sample'
  | 'invalid-sample-folder'
  | 'invalid-sfz'
  | 'invalid-sound-font'
  | 'invalid-catalogue'
  | 'instrument-collision'
  | 'instrument-cycle'
  | 'unknown-instrument';

/** An instrument, or a description of one, that cannot be used: every fault that was found, at once. */
export class InstrumentError extends Error {
  override readonly name = 'InstrumentError';

  constructor(
    readonly code: InstrumentErrorCode,
    message: string,
    readonly faults: readonly InstrumentFault[] = [],
  ) {
    super(message);
  }
}
