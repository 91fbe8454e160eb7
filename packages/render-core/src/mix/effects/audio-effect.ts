/** An effect at work on one stereo signal. */
export interface AudioEffect {
  /** Changes the first `frames` frames in place. Allocates nothing; does not depend on how a stretch is divided into calls. */
  process(left: Float32Array, right: Float32Array, frames: number): void;
  /** Gives back what it holds of kernel memory. Safe to call twice. */
  close(): void;
  /** The longest pause, in seconds, that can lie between a sound going in and what it still causes to come out. */
  readonly delaySeconds: number;
  /** True when the effect of a sum is the sum of the effects: then stems can be treated one by one. */
  readonly linear: boolean;
}
