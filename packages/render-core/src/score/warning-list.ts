import type { Warning } from './performance.js';

/** Codes of what a score's reader, writer and transformations warn of; docs/scores.md explains each. */
export const SCORE_WARNING_CODES = [
  'ignored-key',
  'midi-damaged',
  'midi-track-count',
  'midi-hanging-notes',
  'midi-bank-ignored',
  'midi-export-program',
  'score-key-out-of-range',
  'transposed-out-of-range',
  'metronome-left-out',
] as const;

export type ScoreWarningCode = (typeof SCORE_WARNING_CODES)[number];

/** Warnings of one kind that are listed one by one before the rest is only counted. */
const LISTED_PER_CODE = 20;

/** Gathers warnings without letting a hostile score make millions of them. */
export class WarningList {
  readonly #listed: Warning[] = [];
  readonly #counts = new Map<ScoreWarningCode, number>();

  /** @param message what to say; as a function it costs nothing when it would not be shown. */
  add(code: ScoreWarningCode, message: string | (() => string), pointer?: string): void {
    const count = (this.#counts.get(code) ?? 0) + 1;
    this.#counts.set(code, count);
    if (count > LISTED_PER_CODE) return;
    const warning = { code, message: typeof message === 'string' ? message : message() };
    this.#listed.push(pointer === undefined ? warning : { ...warning, pointer });
  }

  toArray(): Warning[] {
    const all = [...this.#listed];
    for (const [code, count] of this.#counts)
      if (count > LISTED_PER_CODE) all.push({ code, message: `${count - LISTED_PER_CODE} more of the same kind.` });
    return all;
  }
}
