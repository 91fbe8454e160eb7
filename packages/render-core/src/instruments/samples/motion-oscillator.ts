import type { Segment } from '../playing/voice.js';

/** A sine that starts at 0, rising, after a delay. Depth in cents or decibels. */
export interface MotionOscillator {
  readonly delaySeconds: number;
  /** Time in which it reaches its depth. */
  readonly fadeSeconds: number;
  readonly hertz: number;
  readonly depth: number;
  /** Added to the depth at full channel pressure, and at 127 of controllers. */
  readonly pressureDepth: number;
  readonly controllerDepths: readonly ControllerDepth[];
}

/** What a controller adds at 127, in a straight line from 0. */
export type ControllerDepth = readonly [controller: number, depth: number];

/** Value of an oscillator at a time in seconds since the onset. */
export function oscillatorValue(oscillator: MotionOscillator, time: number, { channel }: Segment): number {
  const running = time - oscillator.delaySeconds;
  if (running <= 0) return 0;
  const depth =
    oscillator.depth +
    (oscillator.pressureDepth * channel.channelPressure) / 127 +
    controllerSum(oscillator.controllerDepths, channel.controllers);
  if (depth === 0) return 0;
  const fade = running < oscillator.fadeSeconds ? running / oscillator.fadeSeconds : 1;
  return depth * fade * Math.sin(2 * Math.PI * oscillator.hertz * running);
}

/** What controllers add together. */
export function controllerSum(depths: readonly ControllerDepth[], controllers: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < depths.length; i++) sum += (depths[i]![1] * controllers[depths[i]![0]]!) / 127;
  return sum;
}
