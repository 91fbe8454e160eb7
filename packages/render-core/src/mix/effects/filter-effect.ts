import type { Section } from '../measure/k-weighting.js';
import { KernelEffect } from './kernel-effect.js';

/** A second-order section on both channels. */
export class FilterEffect extends KernelEffect {
  readonly delaySeconds = 0;
  readonly linear = true;
  readonly #state = this.take(32);

  constructor(private readonly section: Section) {
    super();
  }

  protected run(left: number, right: number, frames: number): void {
    const { b0, b1, b2, a1, a2 } = this.section;
    this.kernel.section(this.#state, left, right, frames, b0, b1, b2, a1, a2);
  }
}
