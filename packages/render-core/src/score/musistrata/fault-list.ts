import type { z } from 'zod';
import { jsonPointer, schemaFaults } from '../../faults/schema-faults.js';
import { ScoreError, type ScoreFault } from '../score-error.js';

/** Faults listed one by one before reading stops: more would help nobody. */
const MOST_FAULTS = 1000;

/** Gathers every fault of a song, so that all are reported at once. */
export class FaultList {
  readonly #faults: ScoreFault[] = [];

  /** Throws what has been gathered when it is enough. */
  add(pointer: string, message: string): void {
    this.#faults.push({ pointer, message });
    if (this.#faults.length < MOST_FAULTS) return;
    this.#faults.push({ pointer: '', message: 'there are more faults; the first thousand are listed' });
    this.throwIfAny();
  }

  throwIfAny(): void {
    if (this.#faults.length > 0) throw ScoreError.invalid(this.#faults);
  }

  /** The value as the schema reads it, or null when it has faults. */
  check<S extends z.ZodType>(schema: S, value: unknown, pointer: string): z.output<S> | null {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const { path, message } of schemaFaults(schema, value, result.error.issues))
      this.add(pointer + jsonPointer(path), message);
    return null;
  }
}
