import { type FormulaDefinition, FormulaSource, formulaDefinitionSchema } from '@musistrata/render-core';
/** An instrument of one expression. */
export function formula(expression: string, given: Partial<FormulaDefinition> = {}): FormulaSource {
  return new FormulaSource(
    formulaDefinitionSchema.parse({ type: 'formula', name: 'test', terms: [{ expression }], ...given }),
  );
}
