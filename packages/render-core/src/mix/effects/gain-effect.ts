import { amplitude } from '../decibels.js';
import { panGains } from '../pan-law.js';
import { KernelEffect } from './kernel-effect.js';

/** A constant factor for each channel: level changes and pan. */
export class GainEffect extends KernelEffect {
  readonly delaySeconds = 0;
  readonly linear = true;

  constructor(
    private readonly leftGain: number,
    private readonly rightGain: number,
  ) {
    super();
  }

  static ofDecibels(decibels: number): GainEffect {
    return new GainEffect(amplitude(decibels), amplitude(decibels));
  }

  /** @param position 0 left, 0.5 centre, 1 right */
  static ofPan(position: number): GainEffect {
    const gains = panGains(position);
    return new GainEffect(gains.left, gains.right);
  }

  protected run(left: number, right: number, frames: number): void {
    this.kernel.setScaled(left, left, this.leftGain, frames);
    this.kernel.setScaled(right, right, this.rightGain, frames);
  }
}
