import { normalizeName } from '../../score/names.js';
import { InstrumentError, type InstrumentFault } from '../instrument-error.js';
import type { LayersDefinition } from '../layers/layers-definition.js';
import type { CatalogueEntry, InstrumentNames } from './instrument-names.js';

/**
 * Checks that every layer names an instrument that exists and that no layered instrument contains itself.
 * Throws InstrumentError `invalid-catalogue` or `instrument-cycle`, the latter naming the cycle.
 */
export function checkLayers(names: InstrumentNames, layered: readonly LayersDefinition[]): void {
  const faults: InstrumentFault[] = [];
  for (const { name, layers } of layered) {
    layers.forEach(({ instrument }, index) => {
      if (typeof instrument === 'number' || names.find(instrument) !== null) return;
      const near = names.nearest(instrument).map((candidate) => `"${candidate}"`);
      const message = `"${name}" has a layer "${instrument}", which does not exist; the nearest are ${near.join(', ')}`;
      faults.push({ pointer: `/layers/${index}/instrument`, message });
    });
  }
  if (faults.length > 0) {
    const list = faults.map(({ message }) => message).join('; ');
    throw new InstrumentError('invalid-catalogue', `The catalogue cannot be used: ${list}.`, faults);
  }
  const done = new Set<string>();
  for (const { name } of layered) visit(names, names.find(name)!, [], done);
}

function visit(names: InstrumentNames, entry: CatalogueEntry, path: readonly string[], done: Set<string>): void {
  if (entry.reference.type !== 'layers') return;
  const key = normalizeName(entry.name);
  const start = path.findIndex((name) => normalizeName(name) === key);
  if (start >= 0) {
    const cycle = [...path.slice(start), entry.name].join(' -> ');
    const message = `Layered instruments contain themselves: ${cycle}.`;
    throw new InstrumentError('instrument-cycle', message, [{ pointer: '', message }]);
  }
  if (done.has(key)) return;
  for (const { instrument } of entry.reference.definition.layers) {
    const inner = typeof instrument === 'number' ? null : names.find(instrument);
    if (inner !== null) visit(names, inner, [...path, entry.name], done);
  }
  done.add(key);
}
