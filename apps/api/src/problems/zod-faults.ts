import type { z } from 'zod';
import { faultMessage } from './fault-message.js';

type Issue = z.core.$ZodIssue;

/** One thing that a schema found, at the place where it really is. */
export interface FoundFault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The value would have to be this type. */
  readonly expected?: string;
}

/** Everything that a schema found, unions opened up: of the alternatives, the one that came furthest says what is wrong. */
export function zodFaults(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): FoundFault[] {
  return issues.flatMap((issue): FoundFault[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...path, key], message: 'is not known here' }));
    if (issue.code === 'invalid_union') {
      const furthest = issue.errors
        .filter((errors) => errors.length > 0)
        .toSorted((a, b) => reach(b) - reach(a) || a.length - b.length)[0];
      if (furthest && reach(furthest) > 0) return zodFaults(furthest, path);
    }
    return [
      {
        path,
        message: faultMessage(issue),
        ...(issue.code === 'invalid_type' ? { expected: issue.expected } : {}),
      },
    ];
  });
}

const reach = (issues: readonly Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length));

/** A path as a JSON pointer (RFC 6901). */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
