import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

const types: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'text',
};

/** What a value must be, in the words of who sent it. Messages of our own schemas stay as they are. */
export function faultMessage(issue: Issue): string {
  const together = exclusive(issue);
  if (together !== null) return `may have only one of ${together}`;
  const wanted = wants(issue);
  return wanted === null ? issue.message : `must be ${wanted}`;
}

function wants(issue: Issue): string | null {
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input'))
    return types[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid '))
    return oneOf(issue.values.map((value) => JSON.stringify(value) ?? String(value)));
  if (issue.code === 'invalid_union' && issue.message.startsWith('Invalid input')) return wantsOfUnion(issue.errors);
  return null;
}

/** The alternatives of a union; null when one of them says more than what it wants to be. */
function wantsOfUnion(alternatives: readonly (readonly Issue[])[]): string | null {
  const all = alternatives.map(([first]) => (first?.path.length === 0 ? wants(first) : null));
  const known = all.filter((each) => each !== null);
  return known.length > 0 && known.length === all.length ? oneOf([...new Set(known)]) : null;
}

/** The keys that each alternative of a union takes and the other does not, where a value has some of both. */
function exclusive(issue: Issue): string | null {
  if (issue.code !== 'invalid_union' || issue.errors.length < 2) return null;
  const strangers = issue.errors.map(([first]) => (first?.code === 'unrecognized_keys' ? first.keys : []));
  return strangers.every((keys) => keys.length > 0) ? oneOf([...new Set(strangers.flat())]) : null;
}

function oneOf(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? 'nothing') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
