import type { AudioEffect } from './audio-effect.js';

const { floor } = Math;
/** Shortest delay of a voice: apart enough from the dry sound not to flange. */
const NEAREST_SECONDS = 0.006;

/** One delay line for each channel, swept by sines a quarter turn apart; output = (1 - mix) dry + mix wet. */
export class ChorusEffect implements AudioEffect {
  readonly delaySeconds: number;
  readonly linear = true;
  private readonly left: Float32Array;
  private readonly right: Float32Array;
  private readonly mask: number;
  private readonly centre: number;
  private readonly depth: number;
  private readonly stepCos: number;
  private readonly stepSin: number;
  private cos = 1;
  private sin = 0;
  private position = 0;

  constructor(
    sampleRate: number,
    private readonly mix: number,
    rateHz: number,
    depthSeconds: number,
  ) {
    this.depth = (depthSeconds / 2) * sampleRate;
    this.centre = NEAREST_SECONDS * sampleRate + this.depth;
    this.delaySeconds = NEAREST_SECONDS + depthSeconds;
    const length = 2 ** Math.ceil(Math.log2(this.centre + this.depth + 3));
    this.left = new Float32Array(length);
    this.right = new Float32Array(length);
    this.mask = length - 1;
    const step = (2 * Math.PI * rateHz) / sampleRate;
    this.stepCos = Math.cos(step);
    this.stepSin = Math.sin(step);
  }

  process(left: Float32Array, right: Float32Array, frames: number): void {
    const { left: lineLeft, right: lineRight, mask, centre, depth, mix, stepCos, stepSin } = this;
    const dry = 1 - mix;
    let { cos, sin, position } = this;
    for (let i = 0; i < frames; i++) {
      lineLeft[position] = left[i]!;
      lineRight[position] = right[i]!;
      left[i] = dry * left[i]! + mix * tap(lineLeft, mask, position, centre + depth * sin);
      right[i] = dry * right[i]! + mix * tap(lineRight, mask, position, centre + depth * cos);
      position = (position + 1) & mask;
      const turned = cos * stepCos - sin * stepSin;
      sin = sin * stepCos + cos * stepSin;
      cos = turned;
    }
    this.cos = cos;
    this.sin = sin;
    this.position = position;
  }
}

function tap(line: Float32Array, mask: number, position: number, delay: number): number {
  const whole = floor(delay);
  const fraction = delay - whole;
  const near = line[(position - whole) & mask]!;
  return near + fraction * (line[(position - whole - 1) & mask]! - near);
}
