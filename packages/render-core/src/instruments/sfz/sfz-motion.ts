import type { BendRange } from '../playing/voice-pitch.js';
import type { MotionEnvelopeShape } from '../samples/motion-envelope.js';
import type { ControllerDepth, MotionOscillator } from '../samples/motion-oscillator.js';
import type { RegionMotion } from '../samples/region.js';
import type { SfzValues } from './sfz-values.js';

/** What moves a region, or null when nothing does; and which controllers it takes for its own vibrato. */
export interface Motion {
  readonly motion: RegionMotion | null;
  readonly wheelVibrato: boolean;
  readonly pressureVibrato: boolean;
}

const WHEEL = 1;
/** Most cents of an envelope and of an oscillator; most decibels. */
const ENVELOPE_CENTS = 12_000;
const OSCILLATOR_CENTS = 9600;
const DECIBELS = 40;

/** Envelopes and oscillators of pitch, filter and level (SFZ format 1). */
export function readMotion(values: SfzValues): Motion {
  const pitchEnvelope = readEnvelope(values, 'pitcheg');
  const filterEnvelope = readEnvelope(values, 'fileg');
  const pitchOscillator = readOscillator(values, 'pitchlfo', OSCILLATOR_CENTS);
  const filterOscillator = readOscillator(values, 'fillfo', OSCILLATOR_CENTS);
  const levelOscillator = readOscillator(values, 'amplfo', DECIBELS);
  const cutoffControllers = readControllers(values, ['cutoff_cc', 'cutoff_oncc'], OSCILLATOR_CENTS);
  const cutoffPressure = values.number('cutoff_chanaft', -OSCILLATOR_CENTS, OSCILLATOR_CENTS, 0);
  const movesFilter =
    filterEnvelope !== null || filterOscillator !== null || cutoffControllers.length > 0 || cutoffPressure !== 0;
  const moves = movesFilter || pitchEnvelope !== null || pitchOscillator !== null || levelOscillator !== null;
  return {
    motion: moves
      ? {
          pitchEnvelope,
          pitchOscillator,
          filterEnvelope,
          filterOscillator,
          levelOscillator,
          cutoffControllers,
          cutoffPressure,
          movesFilter,
        }
      : null,
    wheelVibrato: !(pitchOscillator?.controllerDepths.some(([controller]) => controller === WHEEL) ?? false),
    pressureVibrato: (pitchOscillator?.pressureDepth ?? 0) === 0,
  };
}

/** How far the wheel bends, when the region says so. */
export function readBend(values: SfzValues): BendRange | null {
  const up = values.number(['bend_up', 'bendup'], -9600, 9600, Number.NaN);
  const down = values.number(['bend_down', 'benddown'], -9600, 9600, Number.NaN);
  if (Number.isNaN(up) && Number.isNaN(down)) return null;
  return { up: Number.isNaN(up) ? 200 : up, down: Number.isNaN(down) ? -200 : down };
}

function readEnvelope(values: SfzValues, name: string): MotionEnvelopeShape | null {
  const seconds = (stage: string) => values.number(`${name}_${stage}`, 0, 100, 0);
  const level = (stage: string, otherwise: number) => values.number(`${name}_${stage}`, 0, 100, otherwise) / 100;
  const cents = (depth: string) => values.number(`${name}_${depth}`, -ENVELOPE_CENTS, ENVELOPE_CENTS, 0);
  const envelope = {
    delaySeconds: seconds('delay'),
    start: level('start', 0),
    attackSeconds: seconds('attack'),
    holdSeconds: seconds('hold'),
    decaySeconds: seconds('decay'),
    sustain: level('sustain', 100),
    releaseSeconds: seconds('release'),
    depth: cents('depth'),
    velocityDepth: cents('vel2depth'),
  };
  return envelope.depth === 0 && envelope.velocityDepth === 0 ? null : envelope;
}

function readOscillator(values: SfzValues, name: string, most: number): MotionOscillator | null {
  const oscillator = {
    delaySeconds: values.number(`${name}_delay`, 0, 100, 0),
    fadeSeconds: values.number(`${name}_fade`, 0, 100, 0),
    hertz: values.number(`${name}_freq`, 0, 100, 0),
    depth: values.number(`${name}_depth`, -most, most, 0),
    pressureDepth: values.number(`${name}_depthchanaft`, -most, most, 0),
    controllerDepths: readControllers(values, [`${name}_depthcc`, `${name}_depth_oncc`], most),
  };
  const moves = oscillator.depth !== 0 || oscillator.pressureDepth !== 0 || oscillator.controllerDepths.length > 0;
  return moves && oscillator.hertz > 0 ? oscillator : null;
}

function readControllers(values: SfzValues, prefixes: readonly string[], most: number): ControllerDepth[] {
  return prefixes
    .flatMap((prefix) => [...values.controllers(prefix)])
    .filter(([controller, depth]) => controller < 128 && depth !== 0)
    .map(([controller, depth]) => [controller, Math.min(most, Math.max(-most, depth))]);
}
