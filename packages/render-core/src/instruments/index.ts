export { type FormulaDefinition, formulaDefinitionSchema } from './formula/formula-definition.js';
export { FormulaSource } from './formula/formula-source.js';
export { parseFormula } from './formula/parser.js';
export { DEFAULT_SYNTH, DEFAULT_SYNTH_SEED, TEST_SYNTH, TEST_SYNTH_SEED } from './formula/seed-recipes.js';
export { FormulaError } from './formula/tokens.js';
export { InstrumentError, type InstrumentErrorCode, type InstrumentFault } from './instrument-error.js';
