import { z } from 'zod';
import { FORMULA_LIMITS } from './parser.js';

const term = z.strictObject({
  expression: z.string().min(1).max(FORMULA_LIMITS.length).describe('See docs/instruments.md for the language.'),
  gain: z.number().min(-100).max(100).default(1).describe('Linear factor.'),
});

/** A synthesizer instrument: the sum of some expressions. */
export const formulaDefinitionSchema = z
  .strictObject({
    type: z.literal('formula'),
    name: z.string().min(1).max(200),
    terms: z.array(term).min(1).max(32).describe('Added up.'),
    attackSeconds: z.number().min(0).max(60).default(0.003).describe('Linear fade-in.'),
    releaseSeconds: z.number().min(0).max(60).default(0.5).describe('Linear fade-out after the key is let go.'),
    normalize: z
      .boolean()
      .default(true)
      .describe(
        'Divides by the largest absolute value of the first second of each key, so that velocity alone sets loudness.',
      ),
    pitch: z
      .enum(['key', 'seed'])
      .default('key')
      .describe(
        'seed reproduces the first version of this system: frequency is 16.35 x 2^((key + 12) / 12), the peak that is normalised is that of 20 s, ' +
          'nothing fades in. Its recipes used that number as radians per second.',
      ),
  })
  .describe('A synthesizer instrument given by expressions.');

export type FormulaDefinition = z.output<typeof formulaDefinitionSchema>;
