import { amplitude } from '../decibels.js';
import { panGains } from '../pan-law.js';
import type { AudioEffect } from './audio-effect.js';

/** A constant factor for each channel: level changes and pan. */
export class GainEffect implements AudioEffect {
  readonly delaySeconds = 0;
  readonly linear = true;

  constructor(
    private readonly leftGain: number,
    private readonly rightGain: number,
  ) {}

  static ofDecibels(decibels: number): GainEffect {
    return new GainEffect(amplitude(decibels), amplitude(decibels));
  }

  /** @param position 0 left, 0.5 centre, 1 right */
  static ofPan(position: number): GainEffect {
    const gains = panGains(position);
    return new GainEffect(gains.left, gains.right);
  }

  process(left: Float32Array, right: Float32Array, frames: number): void {
    const { leftGain, rightGain } = this;
    for (let i = 0; i < frames; i++) {
      left[i]! *= leftGain;
      right[i]! *= rightGain;
    }
  }
}
