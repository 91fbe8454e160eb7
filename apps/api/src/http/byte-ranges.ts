import { Problem } from '../problems/problem.js';

/** First and last byte, both included. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** More ranges than this in one request look like an attack (RFC 9110 section 17.15): the whole file is sent instead. */
const mostRanges = 64;

/**
 * What a Range header asks of a file of `bytes` bytes: null for the whole file (also when the header breaks the grammar and is ignored),
 * otherwise one or more ranges in the order asked for. Overlapping ranges make the answer the whole file.
 * @throws Problem range-not-satisfiable when none of the ranges lies in the file.
 */
export function requestedRanges(header: string | undefined, bytes: number): readonly Range[] | null {
  const set = header === undefined ? null : /^\s*bytes\s*=(.*)$/is.exec(header)?.[1];
  if (!set) return null;
  const specs = set
    .split(',')
    .map((spec) => spec.trim())
    .filter((spec) => spec !== '');
  if (specs.length === 0 || specs.length > mostRanges) return null;
  const ranges: Range[] = [];
  for (const spec of specs) {
    const [, first, last] = /^(\d*)-(\d*)$/.exec(spec) ?? [];
    if (first === undefined || last === undefined || (first === '' && last === '')) return null;
    if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
    const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
    const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
    if (start < bytes && end >= start) ranges.push({ start, end });
  }
  if (ranges.length === 0) throw Problem.rangeNotSatisfiable(bytes);
  return overlap(ranges) ? null : ranges;
}

function overlap(ranges: readonly Range[]): boolean {
  const sorted = ranges.toSorted((a, b) => a.start - b.start);
  return sorted.some((range, index) => index > 0 && range.start <= sorted[index - 1]!.end);
}

/** One piece of a multipart/byteranges body (RFC 9110 section 14.6): text to send before the bytes of a range. */
export interface RangePart {
  readonly range: Range;
  readonly head: string;
}

/** Heads, closing text and whole length in bytes of a multipart/byteranges body. */
export function multipartRanges(ranges: readonly Range[], bytes: number, contentType: string, boundary: string) {
  const parts: RangePart[] = ranges.map((range) => ({
    range,
    head: `\r\n--${boundary}\r\nContent-Type: ${contentType}\r\nContent-Range: bytes ${range.start}-${range.end}/${bytes}\r\n\r\n`,
  }));
  const close = `\r\n--${boundary}--\r\n`;
  const length = parts.reduce(
    (sum, part) => sum + part.head.length + part.range.end - part.range.start + 1,
    close.length,
  );
  return { parts, close, length };
}
