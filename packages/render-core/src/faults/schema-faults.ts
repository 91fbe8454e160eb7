import type { z } from 'zod';
import { faultMessage, type Issue, nearName, oneOf } from './fault-message.js';
import { keysAt, namesBelow } from './schema-keys.js';

/** One thing that a schema found, at the place where it really is. */
export interface SchemaFault {
  readonly path: readonly PropertyKey[];
  /** Follows the name of the place in a sentence: "must be at least 8000 Hz". */
  readonly message: string;
  /** The value would have to be this type. */
  readonly expected?: string;
}

/** Names are all listed where nothing is near and they are few. */
const MOST_LISTED = 8;

/**
 * Everything that a schema found wrong with a value, in words for whoever wrote it. Unions are opened up: of the alternatives, the one
 * that came furthest says what is wrong. Values are not repeated: some are secret.
 * @param issues of `schema.safeParse(value)`
 */
export function schemaFaults(schema: z.core.$ZodType, value: unknown, issues: readonly Issue[]): SchemaFault[] {
  return new Reading(schema, value).faults(issues, []);
}

class Reading {
  constructor(
    private readonly schema: z.core.$ZodType,
    private readonly value: unknown,
  ) {}

  faults(issues: readonly Issue[], prefix: readonly PropertyKey[]): SchemaFault[] {
    return issues.flatMap((issue) => this.#faultsOf(issue, [...prefix, ...issue.path]));
  }

  #faultsOf(issue: Issue, path: readonly PropertyKey[]): SchemaFault[] {
    switch (issue.code) {
      case 'unrecognized_keys':
        return issue.keys.map((key) => this.#unknownKey(key, path));
      case 'invalid_union':
        return this.#ofUnion(issue, path);
      case 'invalid_element':
        return this.faults(issue.issues, path);
      case 'invalid_key': {
        const key = String(path.at(-1));
        return issue.issues.map((inner) => ({ path, message: `has a name that ${faultMessage(inner, key, '')}` }));
      }
      default:
        return [this.#plain(issue, path)];
    }
  }

  #plain(issue: Issue, path: readonly PropertyKey[]): SchemaFault {
    const name = path.findLast((step) => typeof step === 'string') ?? '';
    const message = faultMessage(issue, valueAt(this.value, path), name);
    return { path, message, ...(issue.code === 'invalid_type' ? { expected: issue.expected } : {}) };
  }

  #ofUnion(issue: z.core.$ZodIssueInvalidUnion, path: readonly PropertyKey[]): SchemaFault[] {
    const alternatives = issue.errors.filter((errors) => errors.length > 0);
    const furthest = alternatives.toSorted((a, b) => reach(b) - reach(a) || a.length - b.length)[0];
    if (furthest && reach(furthest) > 0) return this.faults(furthest, path);
    const strangers = alternatives.map(([first]) => (first?.code === 'unrecognized_keys' ? first.keys : null));
    const named = strangers.filter((keys) => keys !== null).toSorted((a, b) => a.length - b.length);
    const [fewest, next] = named;
    // The value is an object: alternatives that are none are not meant.
    if (fewest === undefined) return [this.#plain(issue, path)];
    if (next === undefined || fewest.length < next.length) return fewest.map((key) => this.#unknownKey(key, path));
    const nowhere = fewest.filter((key) => named.every((keys) => keys.includes(key)));
    const rivals = [...new Set(named.flat())].filter((key) => !nowhere.includes(key));
    return [
      ...nowhere.map((key) => this.#unknownKey(key, path)),
      ...(rivals.length > 0 ? [{ path, message: `may have only one of ${oneOf(rivals)}` }] : []),
    ];
  }

  #unknownKey(key: string, path: readonly PropertyKey[]): SchemaFault {
    const known = keysAt(this.schema, path);
    const near = nearName(key, known) ?? this.#nearBelow(key, path);
    const hint =
      near !== null
        ? `; did you mean ${near}?`
        : known.length > 0 && known.length <= MOST_LISTED
          ? `; it may be ${oneOf(known)}`
          : '';
    return { path: [...path, key], message: `is not known here${hint}` };
  }

  /** A member of a member that has exactly this name: `normalize` is `master.normalize`. */
  #nearBelow(key: string, path: readonly PropertyKey[]): string | null {
    const wanted = key.toLowerCase();
    return namesBelow(this.schema, path).find((name) => name.toLowerCase().split('.').at(-1) === wanted) ?? null;
  }
}

const reach = (issues: readonly Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length));

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[step];
  }
  return here;
}

/** A path as a JSON pointer (RFC 6901). */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
