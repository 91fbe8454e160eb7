/** A value that moves to its targets in straight lines, so that controllers do not click. Independent of how a stretch is divided. */
export class Ramp {
  private step = 0;
  private left = 0;

  /** Starts at a value. */
  constructor(private aim: number) {}

  /** Where it goes. */
  get target(): number {
    return this.aim;
  }

  /** Whether it is on its way. */
  get moving(): boolean {
    return this.left > 0;
  }

  /** Where it is. */
  get value(): number {
    return this.aim - this.step * this.left;
  }

  /** Sets off to a target that it reaches after `frames` frames; 0 jumps. */
  moveTo(target: number, frames: number): void {
    if (target === this.aim) return;
    const from = this.value;
    this.aim = target;
    this.left = frames;
    this.step = frames > 0 ? (target - from) / frames : 0;
  }

  /** Writes the next values to the start of `out`. */
  fill(out: Float64Array, frames: number): void {
    for (let i = 0; i < frames; i++) {
      if (this.left > 0) this.left--;
      out[i] = this.aim - this.step * this.left;
    }
  }

  /** Passes `frames` frames without looking. */
  skip(frames: number): void {
    this.left = Math.max(0, this.left - frames);
  }
}
