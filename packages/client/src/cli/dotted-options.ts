import { UsageError } from './usage-error.js';

export type OptionTree = { [name: string]: unknown };

/** Reads a value as typed: numbers, true, false, null and JSON are what they are, everything else is text. */
export function readValue(text: string): unknown {
  if (!/^(?:-?\d|[[{"]|true$|false$|null$)/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * Puts a value at a dotted name, such as `master.normalize` or `parts.0.pan`, into a tree of options.
 * @throws UsageError for a name that contradicts what is there.
 */
export function setOption(tree: OptionTree, name: string, value: unknown): void {
  const steps = name.split('.');
  if (steps.some((step) => step === '' || step === '__proto__'))
    throw new UsageError(`"${name}" is not the name of an option.`);
  let branch = tree;
  for (const [index, step] of steps.entries()) {
    if (Array.isArray(branch) && !/^\d{1,3}$/.test(step))
      throw new UsageError(`${name}: "${step}" is no position in a list.`);
    if (index === steps.length - 1) {
      branch[step] = value;
      return;
    }
    const next = Object.hasOwn(branch, step) ? branch[step] : /^\d+$/.test(steps[index + 1] ?? '') ? [] : {};
    if (typeof next !== 'object' || next === null)
      throw new UsageError(`${name} contradicts ${steps.slice(0, index + 1).join('.')}.`);
    branch[step] = next;
    branch = next as OptionTree;
  }
}

/** The value at a path, or undefined. */
export function optionAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (branch, step) =>
      typeof branch === 'object' && branch !== null ? (branch as OptionTree)[String(step)] : undefined,
    tree,
  );
}
