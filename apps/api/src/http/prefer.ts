/** Longest time in seconds that a request is held open. */
export const longestWaitSeconds = 60;

/** Seconds that the client agrees to wait (RFC 7240 section 4.3), at most {@link longestWaitSeconds}; null when it did not say. */
export function preferredWait(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header.join(',') : header;
  if (text === undefined) return null;
  for (const preference of text.split(',')) {
    const match = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;|$)/i.exec(preference);
    // The first occurrence of a preference counts (RFC 7240 section 2).
    if (match) return Math.min(Number(match[1]), longestWaitSeconds);
  }
  return null;
}
