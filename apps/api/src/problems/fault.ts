/** One thing wrong with a request: where it stands and what is wrong with it. */
export interface Fault {
  /** JSON pointer (RFC 6901) into the body. */
  readonly pointer?: string;
  /** Name of a query parameter. */
  readonly parameter?: string;
  /** Name of a header field. */
  readonly header?: string;
  readonly message: string;
}

/** The first fault and how many follow, to stand inside a sentence; without a full stop, whether its message has one or not. */
export function faultSummary(faults: readonly Fault[]): string {
  const first = faults[0];
  if (!first) return 'see errors';
  const place = first.pointer ?? first.parameter ?? first.header ?? '';
  const message = first.message.replace(/\.$/, '');
  return `${place === '' ? 'the body' : place}: ${message}${faults.length > 1 ? `, and ${faults.length - 1} more` : ''}`;
}
