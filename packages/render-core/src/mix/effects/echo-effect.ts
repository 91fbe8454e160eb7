import { EFFECT_FRAMES, KernelEffect } from './kernel-effect.js';

/**
 * output = input + gain x delayed; with feedback every repeat is that factor quieter than the one before. The delay lines may be long, so they stay outside
 * of kernel memory, which never shrinks; stretches of them are carried to the kernel and back.
 */
export class EchoEffect extends KernelEffect {
  readonly delaySeconds: number;
  readonly linear = true;
  readonly #lines: readonly [Float32Array, Float32Array];
  readonly #past = this.memory.float32(this.take(EFFECT_FRAMES * 4), EFFECT_FRAMES);
  #position = 0;

  constructor(
    sampleRate: number,
    delaySeconds: number,
    private readonly gain: number,
    private readonly feedback: number,
  ) {
    super();
    const frames = Math.round(delaySeconds * sampleRate);
    this.delaySeconds = frames / sampleRate;
    this.#lines = [new Float32Array(frames), new Float32Array(frames)];
  }

  protected run(left: number, right: number, frames: number): void {
    const length = this.#lines[0].length;
    if (length === 0) {
      // All repeats fall on the sound itself.
      const sum = 1 + this.gain / (1 - this.feedback);
      this.kernel.setScaled(left, left, sum, frames);
      this.kernel.setScaled(right, right, sum, frames);
      return;
    }
    for (let from = 0; from < frames; ) {
      const count = Math.min(frames - from, length - this.#position);
      this.#channel(this.#lines[0], left + 4 * from, count);
      this.#channel(this.#lines[1], right + 4 * from, count);
      from += count;
      this.#position = (this.#position + count) % length;
    }
  }

  #channel(line: Float32Array, signal: number, count: number): void {
    const stretch = line.subarray(this.#position, this.#position + count);
    this.#past.set(stretch);
    this.kernel.echo(signal, this.#past.byteOffset, this.gain, this.feedback, count);
    stretch.set(this.#past.subarray(0, count));
  }
}
