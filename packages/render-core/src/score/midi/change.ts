import type { SystemMessage } from '../performance.js';

/**
 * What a system exclusive message changes. Tunings are still relative here: which keys they reach depends on what each part has selected,
 * see {@link resolveTunings}.
 */
export type Change =
  | Exclude<SystemMessage, { readonly type: 'masterTuning' | 'tuning' | 'percussion' }>
  /** `map` is the drum map or setup that the part plays, from 1 on; 0 is none that can be changed. */
  | { readonly type: 'percussion'; readonly on: boolean; readonly map: number }
  /** With a `map`, only for parts that play it. */
  | { readonly type: 'controller'; readonly controller: number; readonly value: number; readonly map?: number }
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

/** The unregistered parameter of one drum (14H-1EH, see synth/drum-setup.ts) for all parts that play a drum map. */
export function drumParameter(map: number, key: number, msb: number, value: number): Addressed[] {
  const set = (controller: number, data: number) => forAll({ type: 'controller', controller, value: data, map });
  return [set(99, msb), set(98, key), set(6, value), set(101, 127), set(100, 127)];
}
