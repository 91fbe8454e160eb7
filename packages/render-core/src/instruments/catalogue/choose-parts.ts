import type { PartOptions } from '../../options/part-options.js';
import { normalizeName } from '../../score/names.js';
import type { Part } from '../../score/performance.js';

/** What is wrong with an entry of the settings. */
export type PartFault = (code: 'unknown-part' | 'part-set-twice', pointer: string, message: string) => void;

interface ChosenOptions {
  readonly options: PartOptions;
  /** Of the entry in the request. */
  readonly index: number;
}

/** The settings of a request for each part, in order of the parts; nothing where it sets nothing. Two entries for one part are a fault of both. */
export function optionsByPart(
  parts: readonly Part[],
  options: readonly PartOptions[],
  fault: PartFault,
): readonly (ChosenOptions | undefined)[] {
  const chosen: (ChosenOptions | undefined)[] = [];
  const rivals = new Set<string>();
  for (const [index, entry] of options.entries()) {
    const matching = parts.filter((part) => matches(part, entry.part, parts));
    if (matching.length === 0) fault('unknown-part', `/parts/${index}/part`, missing(parts));
    for (const part of matching) {
      const before = chosen[part.index];
      if (before && !rivals.has(`${before.index} ${index}`)) {
        rivals.add(`${before.index} ${index}`);
        const message = (other: number) =>
          `chooses part ${part.index} "${part.name}", which /parts/${other} chooses too; say everything about a part in one entry`;
        fault('part-set-twice', `/parts/${before.index}/part`, message(index));
        fault('part-set-twice', `/parts/${index}/part`, message(before.index));
      }
      chosen[part.index] ??= { options: entry, index };
    }
  }
  return chosen;
}

function missing(parts: readonly Part[]): string {
  const known = parts
    .slice(0, 20)
    .map((part) => `${part.index} "${part.name}"`)
    .join(', ');
  return `The score has no such part; it has ${known || 'none'}.`;
}

/** Names are compared exactly, and only if that finds nothing, without case and punctuation. */
function matches(part: Part, wanted: PartOptions['part'], parts: readonly Part[]): boolean {
  if (typeof wanted === 'number') return part.index === wanted;
  if (typeof wanted !== 'string') return part.channel === wanted.channel && part.port === wanted.port;
  if (parts.some(({ name }) => name === wanted)) return part.name === wanted;
  return normalizeName(part.name) === normalizeName(wanted);
}
