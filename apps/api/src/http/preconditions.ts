import type { IncomingHttpHeaders } from 'node:http';

/** What distinguishes one version of a resource from another (RFC 9110 section 8.8). */
export interface Validators {
  /** Strong entity tag with its quotes. */
  readonly etag: string;
  readonly lastModified?: Date;
}

export type PreconditionResult = 'proceed' | 'not-modified' | 'failed';

/** Evaluates the conditional headers of a GET or HEAD in the order of RFC 9110 section 13.2.2 (If-Range is the range's business). */
export function evaluatePreconditions(headers: IncomingHttpHeaders, validators: Validators): PreconditionResult {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (!listsTag(ifMatch, validators.etag, 'strong')) return 'failed';
  } else {
    const ifUnmodifiedSince = parseHttpDate(headers['if-unmodified-since']);
    if (ifUnmodifiedSince !== null && isLater(validators.lastModified, ifUnmodifiedSince)) return 'failed';
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) return listsTag(ifNoneMatch, validators.etag, 'weak') ? 'not-modified' : 'proceed';
  const ifModifiedSince = parseHttpDate(headers['if-modified-since']);
  if (ifModifiedSince !== null && validators.lastModified && !isLater(validators.lastModified, ifModifiedSince))
    return 'not-modified';
  return 'proceed';
}

/** Whether a Range header counts: If-Range names the current version by strong comparison (RFC 9110 section 13.1.5). */
export function ifRangeHolds(headers: IncomingHttpHeaders, validators: Validators): boolean {
  const ifRange = headers['if-range'];
  if (ifRange === undefined) return true;
  const value = String(ifRange).trim();
  if (value.startsWith('"')) return value === validators.etag;
  if (value.startsWith('W/')) return false;
  const date = parseHttpDate(value);
  return date !== null && validators.lastModified !== undefined && wholeSeconds(validators.lastModified) === date;
}

function listsTag(header: string, etag: string, comparison: 'strong' | 'weak'): boolean {
  if (header.trim() === '*') return true;
  for (const tag of header.match(/(?:W\/)?"[^"]*"/g) ?? []) {
    if (tag === etag) return true;
    if (comparison === 'weak' && tag.startsWith('W/') && tag.slice(2) === etag) return true;
  }
  return false;
}

const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /;

/** Milliseconds since 1970 of an HTTP date (RFC 9110 section 5.6.7), or null for anything else: an invalid date is ignored. */
function parseHttpDate(value: string | undefined): number | null {
  if (value === undefined || !httpDate.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}

const wholeSeconds = (date: Date) => Math.floor(date.getTime() / 1000) * 1000;
const isLater = (date: Date | undefined, time: number) => date !== undefined && wholeSeconds(date) > time;
