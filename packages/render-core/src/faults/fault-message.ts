import type { z } from 'zod';
import { editDistance, nearestNames, normalizeName } from '../score/names.js';

export type Issue = z.core.$ZodIssue;

const types: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  null: 'null',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'text',
};

const formats: Readonly<Record<string, string>> = {
  base64: 'base64',
  datetime: 'a time such as 2030-01-31T12:00:00Z',
  url: 'a URL',
};

/** What the numbers of a member count, by the end of its name. */
const units: readonly (readonly [RegExp, string])[] = [
  [/(?:Hz|sampleRate)$/, 'Hz'],
  [/seconds$/i, 's'],
  [/Db$/, 'dB'],
  [/Lufs$/, 'LUFS'],
  [/Kbps$/, 'kbit/s'],
  [/Cents$/, 'cents'],
  [/megabytes$/i, 'MiB'],
  [/bytes$/i, 'bytes'],
  [/^transpose$/, 'semitones'],
  [/^Tempo$/, 'beats a minute'],
  [/^(?:Beat|Duration)$/, 'beats'],
];

/**
 * What a value must be, in the words of who wrote it. Messages of our own schemas stay as they are.
 * @param value what was found there
 * @param name of the member, for the unit of its bounds
 */
export function faultMessage(issue: Issue, value: unknown, name: string): string {
  const wanted = wants(issue, value, name);
  if (wanted === null) return issue.message;
  return value === undefined ? `is missing; it must ${wanted}` : `must ${wanted}`;
}

/** What follows "must", or null where the schema has words of its own. */
function wants(issue: Issue, value: unknown, name: string): string | null {
  if (!/^(?:Invalid |Too (?:small|big)|Unrecognized )/.test(issue.message)) return null;
  switch (issue.code) {
    case 'invalid_type':
      return `be ${typeof value === 'number' && !Number.isFinite(value) ? 'a finite number' : (types[issue.expected] ?? issue.expected)}`;
    case 'invalid_value':
      return `be ${oneOfValues(issue.values, value)}`;
    case 'invalid_union':
      return wantsOfUnion(issue, value, name);
    case 'too_small':
      return wantsBound(issue, Number(issue.minimum), 'least', name);
    case 'too_big':
      return wantsBound(issue, Number(issue.maximum), 'most', name);
    case 'not_multiple_of':
      return `be a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return issue.format === 'regex'
        ? `match ${String(issue.pattern)}`
        : `be ${formats[issue.format] ?? `a valid ${issue.format}`}`;
    default:
      return null;
  }
}

function wantsBound(
  { origin, inclusive, exact }: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  bound: number,
  side: 'least' | 'most',
  name: string,
): string {
  const counted = origin === 'string' ? 'character' : origin === 'number' || origin === 'int' ? null : 'entry';
  if (counted === null) {
    const unit = units.find(([end]) => end.test(name))?.[1];
    const limit = unit === undefined ? String(bound) : `${bound} ${unit}`;
    if (inclusive !== false) return `be at ${side} ${limit}`;
    return `be ${side === 'least' ? 'more' : 'less'} than ${limit}`;
  }
  if (side === 'least' && bound === 1) return 'not be empty';
  const things = bound === 1 ? counted : counted === 'entry' ? 'entries' : `${counted}s`;
  return `have ${exact ? 'exactly' : `at ${side}`} ${bound} ${things}`;
}

/** The alternatives of a union; null when one of them says more than what it wants to be. */
function wantsOfUnion(issue: z.core.$ZodIssueInvalidUnion, value: unknown, name: string): string | null {
  if (issue.errors.length === 0) {
    const options = 'options' in issue && Array.isArray(issue.options) ? issue.options : [];
    return options.length > 0 ? `be ${oneOfValues(options, value)}` : null;
  }
  const values: unknown[] = [];
  const all = issue.errors.map(([first]) => {
    if (first?.path.length !== 0) return null;
    if (first.code === 'invalid_value') values.push(...first.values);
    return first.code === 'invalid_type' || first.code === 'invalid_value' ? wants(first, undefined, name) : null;
  });
  const known = all.filter((each) => each !== null).map((each) => each.replace(/^be /, ''));
  if (known.length === 0 || known.length < all.length) return null;
  return `be ${oneOf([...new Set(known)])}${suggestion(closest(value, values))}`;
}

function oneOfValues(values: readonly unknown[], value: unknown): string {
  // What stands for true and false in a query is more than anybody wants to read.
  if (values.includes('true') && values.includes('off')) return 'true or false';
  return oneOf(values.map((each) => JSON.stringify(each) ?? String(each))) + suggestion(closest(value, values));
}

/** Alternatives in one phrase. */
export function oneOf(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? 'nothing') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

const suggestion = (near: string | null) => (near === null ? '' : `; did you mean ${near}?`);

/** The value that somebody probably meant, as JSON; null when none is near. */
function closest(value: unknown, values: readonly unknown[]): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const texts = new Map(values.map((each) => [String(each), each]));
  const near = nearName(String(value), [...texts.keys()]);
  return near === null ? null : JSON.stringify(texts.get(near));
}

/** The candidate that a name was probably meant to be; null when none is near. */
export function nearName(name: string, candidates: readonly string[]): string | null {
  const [near] = nearestNames(name, candidates, 1);
  if (near === undefined) return null;
  const [wanted, offered] = [normalizeName(name), normalizeName(near)];
  const [short, long] = wanted.length < offered.length ? [wanted, offered] : [offered, wanted];
  if (short === '') return null;
  const contained = short.length >= 3 && long.includes(short);
  return contained || editDistance(wanted, offered) <= Math.max(1, Math.floor(long.length / 3)) ? near : null;
}
