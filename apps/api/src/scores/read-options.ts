import { jsonPointer, type RenderOptions, renderOptionsSchema, schemaFaults } from '@musistrata/render-core';
import { dottedOptions } from '../intake/dotted-options.js';
import type { Fault } from '../problems/problem.js';

export type OptionPairs = readonly (readonly [name: string, value: string])[];

export interface ReadOptions {
  /** With every default filled in; null when there are faults. */
  readonly options: RenderOptions | null;
  readonly faults: readonly Fault[];
}

/**
 * Options of a JSON body and of query parameters or form fields together; the latter win.
 * @param format to render in when none is named
 */
export function readOptions(fromBody: unknown, pairs: OptionPairs, format?: RenderOptions['format']): ReadOptions {
  const dotted = dottedOptions(pairs);
  const texts = new Map(pairs);
  if (fromBody !== undefined && fromBody !== null && !isBranch(fromBody))
    return { options: null, faults: [{ pointer: '/options', message: 'must be an object' }, ...dotted.faults] };
  let input = merge(format === undefined ? {} : { format }, merge(fromBody ?? {}, dotted.options));
  let parsed = renderOptionsSchema.safeParse(input);
  if (!parsed.success) {
    // A title of digits is text all the same: what was read as a number or boolean is put back where text is wanted.
    const wanted = schemaFaults(renderOptionsSchema, input, parsed.error.issues).filter(
      ({ path, expected }) => expected === 'string' && texts.has(path.join('.')),
    );
    if (wanted.length > 0) {
      for (const { path } of wanted) input = replace(input, path, texts.get(path.join('.')));
      parsed = renderOptionsSchema.safeParse(input);
    }
  }
  const found = parsed.success ? [] : schemaFaults(renderOptionsSchema, input, parsed.error.issues);
  const faults = found.map(({ path, message }) => faultInOption(path, message, pairs));
  const all = [...dotted.faults, ...faults];
  return { options: parsed.success && all.length === 0 ? parsed.data : null, faults: all };
}

/** Places a fault of an option where the request has the option: in the query (or a form field), or in the body. */
export function faultInOption(path: readonly PropertyKey[], message: string, pairs: OptionPairs): Fault {
  const name = pairs.find(([given]) => isPrefix(given.split('.'), path))?.[0];
  if (name === undefined) return { pointer: `/options${jsonPointer(path)}`, message };
  const below = path.slice(name.split('.').length);
  return { parameter: name, message: below.length > 0 ? `${below.join('.')}: ${message}` : message };
}

const isBranch = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merge(base: unknown, over: unknown): unknown {
  if (!isBranch(base) || !isBranch(over)) return over;
  if (Object.keys(over).length === 0) return base;
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(over))
    merged[name] = Object.hasOwn(base, name) ? merge(base[name], value) : value;
  return merged;
}

function replace(value: unknown, path: readonly PropertyKey[], by: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return by;
  if (Array.isArray(value))
    return value.map((item, index) => (index === step ? replace(item, rest, by) : (item as unknown)));
  return isBranch(value) ? { ...value, [step]: replace(value[String(step)], rest, by) } : value;
}

function isPrefix(prefix: readonly string[], path: readonly PropertyKey[]): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === String(path[index]));
}
