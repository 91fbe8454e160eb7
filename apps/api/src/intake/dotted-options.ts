import type { Fault } from '../problems/problem.js';

type Branch = { [name: string]: unknown };

/** How deep and how wide dotted names may go: more than any option needs. */
const deepest = 8;
const widest = 256;

export interface DottedOptions {
  readonly options: Branch;
  readonly faults: readonly Fault[];
}

/**
 * Builds options from flat pairs such as query parameters: `master.normalize=none`, `parts.0.pan=0.25`, `range={"startBar":3}`.
 * Values that are JSON (numbers, true, false, null, objects, lists, quoted strings) are read as such, all others are text.
 */
export function dottedOptions(pairs: Iterable<readonly [string, string]>): DottedOptions {
  const options: Branch = Object.create(null) as Branch;
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const [name, text] of pairs) {
    const message = seen.has(name) ? 'is given more than once' : place(options, name.split('.'), readValue(text));
    if (message !== null) faults.push({ parameter: name, message });
    seen.add(name);
  }
  return { options: options, faults };
}

/** Reads one value; text that is not JSON stands for itself. */
export function readValue(text: string): unknown {
  if (!/^(?:-?\d|[[{"]|true$|false$|null$)/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function place(root: Branch, path: readonly string[], value: unknown): string | null {
  if (path.length > deepest) return 'is nested too deeply';
  if (path.some((step) => step === '' || step === '__proto__')) return 'is not the name of an option';
  let branch: unknown = root;
  for (const [index, step] of path.entries()) {
    if (Array.isArray(branch)) {
      if (!/^\d{1,3}$/.test(step) || Number(step) >= widest) return 'has a part that is not a position in a list';
    } else if (typeof branch !== 'object' || branch === null) return 'contradicts another parameter';
    const owner = branch as Branch;
    if (index === path.length - 1) {
      if (Object.hasOwn(owner, step)) return 'contradicts another parameter';
      owner[step] = value;
      return null;
    }
    if (!Object.hasOwn(owner, step))
      owner[step] = /^\d+$/.test(path[index + 1]!) ? [] : (Object.create(null) as Branch);
    branch = owner[step];
  }
  return null;
}
