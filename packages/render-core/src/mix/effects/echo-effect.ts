import type { AudioEffect } from './audio-effect.js';

/** output = input + gain x delayed; with feedback every repeat is that factor quieter than the one before. */
export class EchoEffect implements AudioEffect {
  readonly delaySeconds: number;
  readonly linear = true;
  private readonly left: Float32Array;
  private readonly right: Float32Array;
  private position = 0;

  constructor(
    sampleRate: number,
    delaySeconds: number,
    private readonly gain: number,
    private readonly feedback: number,
  ) {
    const frames = Math.max(1, Math.round(delaySeconds * sampleRate));
    this.delaySeconds = frames / sampleRate;
    this.left = new Float32Array(frames);
    this.right = new Float32Array(frames);
  }

  process(left: Float32Array, right: Float32Array, frames: number): void {
    const { left: lineLeft, right: lineRight, gain, feedback } = this;
    const length = lineLeft.length;
    let position = this.position;
    for (let i = 0; i < frames; i++) {
      const oldLeft = lineLeft[position]!;
      const oldRight = lineRight[position]!;
      // Adding and taking away a tiny constant turns denormal numbers, which are slow, into zeros.
      lineLeft[position] = left[i]! + feedback * oldLeft + 1e-20 - 1e-20;
      lineRight[position] = right[i]! + feedback * oldRight + 1e-20 - 1e-20;
      left[i]! += gain * oldLeft;
      right[i]! += gain * oldRight;
      if (++position === length) position = 0;
    }
    this.position = position;
  }
}
