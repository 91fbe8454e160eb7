import type { SystemMessage } from '../performance.js';

/**
 * What a system exclusive message changes. Tunings are still relative here: which keys they reach depends on what each part has selected,
 * see {@link resolveTunings}.
 */
export type Change =
  | Exclude<SystemMessage, { readonly type: 'masterTuning' | 'tuning' }>
  | { readonly type: 'controller'; readonly controller: number; readonly value: number }
  | { readonly type: 'program'; readonly program: number }
  | TuningChange;

export type TuningChange =
  | { readonly type: 'fineTuning' | 'coarseTuning'; readonly cents: number }
  /** Cents by pitch class (0 is C). */
  | { readonly type: 'scaleTuning'; readonly steps: readonly (readonly [pitchClass: number, cents: number])[] }
  /** Keys of a tuning program, in cents away from equal temperament. */
  | {
      readonly type: 'keyTuning';
      readonly program: number;
      readonly keys: readonly (readonly [key: number, cents: number])[];
    };

/** A change and whom it concerns: every channel, or those listed (1-16). */
export interface Addressed {
  readonly channels: readonly number[] | 'all';
  readonly change: Change;
}

export function forAll(change: Change): Addressed {
  return { channels: 'all', change };
}

export function forChannel(channel: number, change: Change): Addressed {
  return { channels: [channel], change };
}

/** A registered parameter (or, with controllers 99 and 98, an unregistered one) set through its controllers, and deselected again. */
export function parameter(channel: number, registered: boolean, msb: number, lsb: number, value: number): Addressed[] {
  const set = (controller: number, data: number) =>
    forChannel(channel, { type: 'controller', controller, value: data });
  const [high, low] = registered ? [101, 100] : [99, 98];
  return [set(high, msb), set(low, lsb), set(6, value), set(101, 127), set(100, 127)];
}
