import type { PartOptions } from '../../options/part-options.js';
import { normalizeName } from '../../score/names.js';
import type { Part } from '../../score/performance.js';
import type { InstrumentFault } from '../instrument-error.js';

/** The settings of a request for each part, in order of the parts; null where it sets nothing. Of several for one part the last counts. */
export function optionsByPart(
  parts: readonly Part[],
  options: readonly PartOptions[],
  faults: InstrumentFault[],
): { readonly options: PartOptions; readonly index: number }[] {
  const chosen: { options: PartOptions; index: number }[] = [];
  options.forEach((entry, index) => {
    const matching = parts.filter((part) => matches(part, entry.part, parts));
    if (matching.length === 0) {
      const known = parts
        .slice(0, 20)
        .map((part) => `${part.index} "${part.name}"`)
        .join(', ');
      faults.push({
        pointer: `/parts/${index}/part`,
        message: `The score has no such part; it has ${known || 'none'}.`,
      });
    }
    for (const part of matching) chosen[part.index] = { options: entry, index };
  });
  return chosen;
}

/** Names are compared exactly, and only if that finds nothing, without case and punctuation. */
function matches(part: Part, wanted: PartOptions['part'], parts: readonly Part[]): boolean {
  if (typeof wanted === 'number') return part.index === wanted;
  if (typeof wanted !== 'string') return part.channel === wanted.channel && part.port === wanted.port;
  if (parts.some(({ name }) => name === wanted)) return part.name === wanted;
  return normalizeName(part.name) === normalizeName(wanted);
}
