/** Options as they are being put together: objects and lists by name, values not yet checked. */
export type OptionTree = { [name: string]: unknown };

/** How deep and how wide dotted names may go: more than any option needs. */
const deepest = 8;
const widest = 256;

/**
 * Reads the value of an option given as text: numbers, true, false, null, objects, lists and quoted strings as JSON has
 * them, everything else stands for itself.
 */
export function readOptionValue(text: string): unknown {
  if (!/^(?:-?\d|[[{"]|true$|false$|null$)/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * Puts a value at a dotted name, such as `master.normalize` or `parts.0.pan`, into a tree.
 * @param replaces whether a value that stands there already gives way
 * @returns what is wrong with the name, ready to follow it in a sentence, or null when the value is in its place
 */
export function placeOption(tree: OptionTree, name: string, value: unknown, replaces: boolean): string | null {
  const path = name.split('.');
  if (path.length > deepest) return 'is nested too deeply';
  if (path.some((step) => step === '' || step === '__proto__')) return 'is not the name of an option';
  let branch: unknown = tree;
  for (const [index, step] of path.entries()) {
    if (Array.isArray(branch)) {
      if (!/^\d{1,3}$/.test(step) || Number(step) >= widest) return 'has a part that is not a position in a list';
    } else if (typeof branch !== 'object' || branch === null) {
      return `contradicts ${path.slice(0, index).join('.')}`;
    }
    const owner = branch as OptionTree;
    const taken = Object.hasOwn(owner, step);
    if (index === path.length - 1) {
      if (taken && !replaces) return 'contradicts another value of it';
      owner[step] = value;
      return null;
    }
    if (!taken) owner[step] = /^\d+$/.test(path[index + 1]!) ? [] : (Object.create(null) as OptionTree);
    branch = owner[step];
  }
  return null;
}
