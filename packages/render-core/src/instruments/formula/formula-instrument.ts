import type { EnvelopeShape } from '../playing/envelope.js';
import type { FormulaPeaks } from './peaks.js';
import type { FormulaProgram } from './program.js';

/** What a formula's players need to know. */
export interface FormulaInstrument {
  readonly program: FormulaProgram;
  readonly envelope: EnvelopeShape;
  /** Hz of a key 0-127, which may be fractional. */
  readonly frequency: (key: number, tuningHz: number) => number;
  readonly peaks: FormulaPeaks | null;
}
