import { type OptionTree, placeOption, readOptionValue } from '@musistrata/render-core';
import type { Fault } from '../problems/problem.js';

export interface DottedOptions {
  readonly options: OptionTree;
  readonly faults: readonly Fault[];
}

/** Builds options from flat pairs such as query parameters: `master.normalize=none`, `parts.0.pan=0.25`, `range={"startBar":3}`. */
export function dottedOptions(pairs: Iterable<readonly [string, string]>): DottedOptions {
  const options: OptionTree = Object.create(null) as OptionTree;
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const [name, text] of pairs) {
    const message = seen.has(name)
      ? 'is given more than once'
      : placeOption(options, name, readOptionValue(text), false);
    if (message !== null) faults.push({ parameter: name, message });
    seen.add(name);
  }
  return { options, faults };
}
