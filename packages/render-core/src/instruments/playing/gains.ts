import type { Part } from '../../score/performance.js';

/** Amplitude of a level in decibels. */
export function decibelsToGain(decibels: number): number {
  return 10 ** (decibels / 20);
}

/** Frequency ratio of an interval in cents. */
export function centsToRatio(cents: number): number {
  return 2 ** (cents / 1200);
}

/**
 * Amplitude of a velocity 0-127. `linear` is MusiStrata's velocity / 100; `source` is the curve that the General MIDI Developer
 * Guidelines recommend for velocity, 40 log10(velocity / 127) dB.
 */
export function velocityGain(curve: Part['velocityCurve'], velocity: number): number {
  return curve === 'linear' ? velocity / 100 : (velocity / 127) ** 2;
}

/**
 * Controller 91, the send to the score-wide reverb, until a score sets it: General MIDI 2's 40 (3.3.5). Songs with linear velocities know no
 * controllers: they are dry, whatever plays them.
 */
export function usualReverb({ velocityCurve }: Part): number {
  return velocityCurve === 'linear' ? 0 : 40;
}

/** Amplitude of controllers 7 and 11 and of the master volume, from 0-1: 40 log10 dB (General MIDI Developer Guidelines, volume and expression). */
export function volumeGain(value: number): number {
  return value * value;
}

/** Position 0-1 of controller 10: 0 and 1 are hard left, 64 the exact centre, 127 hard right (General MIDI Developer Guidelines, pan). */
export function panPosition(value: number): number {
  return Math.max(0, value - 1) / 126;
}

/** Gain of the left side of a stereo sound at position 0-1: the constant-power law cos/sin, scaled to leave a centred sound alone. */
export function balanceLeft(position: number): number {
  return position >= 1 ? 0 : Math.SQRT2 * Math.cos((position * Math.PI) / 2);
}

/** Gain of the right side of a stereo sound at position 0-1. */
export function balanceRight(position: number): number {
  return position <= 0 ? 0 : Math.SQRT2 * Math.sin((position * Math.PI) / 2);
}
