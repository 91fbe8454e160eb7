import type { FormulaDefinition } from './formula-definition.js';

/** The two synthesizers of the first version of this system, with angles in radians: frequency in Hz times 2 pi. */
export const DEFAULT_SYNTH: FormulaDefinition = recipe('Default_Synth', 'key', [
  { expression: 'sin(tau * frequency * time)', gain: 1 },
]);

export const TEST_SYNTH: FormulaDefinition = recipe('test_synth', 'key', [
  { expression: 'sin(tau * frequency * time + sin(20 * time)) * exp(-0.0015 * frequency * time)', gain: 1 },
  { expression: 'sin(2 * tau * frequency * time) * exp(-0.0015 * frequency * time)', gain: 0.6 },
]);

/**
 * The same two as they really sounded: the frequency of scientific pitch was used as radians per second, so that they came out at
 * frequency / 2 pi. Only for comparison with old recordings.
 */
export const DEFAULT_SYNTH_SEED: FormulaDefinition = recipe('Default_Synth seed pitch', 'seed', [
  { expression: 'sin(frequency * time)', gain: 1 },
]);

export const TEST_SYNTH_SEED: FormulaDefinition = recipe('test_synth seed pitch', 'seed', [
  { expression: 'sin(frequency * time + sin(20 * time)) * exp(-0.0015 * frequency * time)', gain: 1 },
  { expression: 'sin(2 * frequency * time) * exp(-0.0015 * frequency * time)', gain: 0.6 },
]);

function recipe(name: string, pitch: FormulaDefinition['pitch'], terms: FormulaDefinition['terms']): FormulaDefinition {
  const attackSeconds = pitch === 'seed' ? 0 : 0.003;
  return { type: 'formula', name, terms, attackSeconds, releaseSeconds: 0.5, normalize: true, pitch };
}
