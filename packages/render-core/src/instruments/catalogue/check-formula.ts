import type { FormulaDefinition } from '../formula/formula-definition.js';
import { FormulaSource } from '../formula/formula-source.js';
import { InstrumentError } from '../instrument-error.js';

/** Throws InstrumentError `invalid-catalogue` when a formula of a catalogue file cannot be read, with the position in each expression. */
export function checkFormula(definition: FormulaDefinition): void {
  try {
    new FormulaSource(definition);
  } catch (error) {
    if (!(error instanceof InstrumentError)) throw error;
    const list = error.errors.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ');
    throw new InstrumentError('invalid-catalogue', `${error.message} ${list}`, error.errors);
  }
}
