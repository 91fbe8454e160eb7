import { createHash } from 'node:crypto';
import { InstrumentError } from '../instrument-error.js';
import { PartRenderer } from '../playing/part-renderer.js';
import type { PartAssignment, SoundSource, SourceContext, SourceRenderer } from '../sound-source.js';
import type { FormulaDefinition } from './formula-definition.js';
import type { FormulaInstrument } from './formula-instrument.js';
import { FormulaPlayer } from './formula-player.js';
import { parseFormula } from './parser.js';
import { FormulaPeaks } from './peaks.js';
import { compileFormula } from './program.js';
import { FormulaError } from './tokens.js';

/** What the first version of this system multiplied up, in its words Hz. */
const SEED_C0 = 16.35;
/** Its sample folders and sound fonts played key = height - 12, which is how a score that is read for it gives the keys. */
const SEED_KEY_OF_C0 = -12;

/** A synthesizer instrument made of expressions. */
export class FormulaSource implements SoundSource {
  readonly kind = 'formula';
  readonly name: string;
  readonly identity: string;
  private readonly instrument: FormulaInstrument;

  /** Throws InstrumentError with every term that cannot be read, each with its position and what was expected there. */
  constructor(definition: FormulaDefinition) {
    this.name = definition.name;
    this.identity = createHash('sha256')
      .update(JSON.stringify(['formula', 1, { ...definition, name: '' }]))
      .digest('hex');
    const program = compileFormula(parseTerms(definition));
    const seed = definition.pitch === 'seed';
    this.instrument = {
      program,
      envelope: {
        rampSeconds: definition.attackSeconds,
        delaySeconds: 0,
        attackSeconds: 0,
        holdSeconds: 0,
        decaySeconds: 0,
        sustain: 1,
        releaseSeconds: definition.releaseSeconds,
        releaseCurve: 'linear',
      },
      frequency: seed
        ? (key) => SEED_C0 * 2 ** ((key - SEED_KEY_OF_C0) / 12)
        : (key, tuningHz) => tuningHz * 2 ** ((key - 69) / 12),
      peaks: definition.normalize ? new FormulaPeaks(program, seed ? 20 : 1) : null,
    };
  }

  open(parts: readonly PartAssignment[], context: SourceContext): SourceRenderer {
    return new PartRenderer(
      parts,
      context,
      (assignment, schedule) => new FormulaPlayer(this.instrument, assignment.part, schedule, context),
    );
  }
}

function parseTerms(definition: FormulaDefinition) {
  const faults: { pointer: string; message: string }[] = [];
  const terms = definition.terms.flatMap(({ expression, gain }, index) => {
    try {
      return [{ expression: parseFormula(expression), gain }];
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      faults.push({ pointer: `/terms/${index}/expression`, message: error.message });
      return [];
    }
  });
  if (faults.length > 0) {
    throw new InstrumentError('invalid-formula', `The formula of "${definition.name}" cannot be read.`, faults);
  }
  return terms;
}
