import type { AudioEffect } from './audio-effect.js';
import { DelayNetwork, type RoomSettings } from './delay-network.js';

/** Longest block that {@link ReverbEffect} and the chain around it are given at once. */
const BLOCK = 1024;

/** Reverb of the sum of both channels; output = (1 - mix) dry + mix wet. */
export class ReverbEffect implements AudioEffect {
  readonly delaySeconds: number;
  readonly linear = true;
  private readonly network: DelayNetwork;
  private readonly preDelay: Float32Array;
  private position = 0;
  private readonly input = new Float32Array(BLOCK);
  private readonly wetLeft = new Float32Array(BLOCK);
  private readonly wetRight = new Float32Array(BLOCK);

  constructor(
    sampleRate: number,
    room: RoomSettings,
    private readonly mix: number,
    preDelaySeconds: number,
  ) {
    this.network = new DelayNetwork(sampleRate, room);
    this.preDelay = new Float32Array(Math.round(preDelaySeconds * sampleRate));
    this.delaySeconds = preDelaySeconds + 0.1;
  }

  process(left: Float32Array, right: Float32Array, frames: number): void {
    const { input, wetLeft, wetRight, mix } = this;
    for (let from = 0; from < frames; from += BLOCK) {
      const count = Math.min(BLOCK, frames - from);
      for (let i = 0; i < count; i++) input[i] = 0.5 * (left[from + i]! + right[from + i]!);
      this.delay(count);
      this.network.process(input, wetLeft, wetRight, count);
      for (let i = 0; i < count; i++) {
        left[from + i] = (1 - mix) * left[from + i]! + mix * wetLeft[i]!;
        right[from + i] = (1 - mix) * right[from + i]! + mix * wetRight[i]!;
      }
    }
  }

  private delay(count: number): void {
    const { input, preDelay } = this;
    if (preDelay.length === 0) return;
    let position = this.position;
    for (let i = 0; i < count; i++) {
      const delayed = preDelay[position]!;
      preDelay[position] = input[i]!;
      input[i] = delayed;
      if (++position === preDelay.length) position = 0;
    }
    this.position = position;
  }
}
