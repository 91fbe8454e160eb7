import { KernelBlocks } from '../synth/kernel-blocks.js';
import { type KernelMemory, kernelMemory } from '../synth/kernel-memory.js';
import { KernelSignal } from '../synth/kernel-signal.js';
import * as at from '../synth/limiter-layout.js';
import { DENSE_ENOUGH_RATE, INTERPOLATOR_TAPS } from './measure/true-peak-meter.js';

/** Time in which the gain comes down before a peak. */
const LOOK_AHEAD_SECONDS = 0.005;
const RELEASE_SECONDS = 0.08;

/**
 * A limiter that keeps the true peak (BS.1770-4 annex 2) of a signal below a ceiling.
 *
 * For every frame it computes the gain that brings the interpolated peak next to it to the ceiling, takes the least of these over the look-ahead,
 * lets it rise with the release time only, and smooths it by a moving average as long as the look-ahead: the gain has arrived when the peak does.
 * Both channels get the same gain. The output is {@link latency} frames late.
 */
export class TruePeakLimiter {
  readonly latency: number;
  readonly #memory: KernelMemory = kernelMemory();
  readonly #blocks = new KernelBlocks(this.#memory);
  readonly #state: number;
  readonly #signals: readonly KernelSignal[];

  /** @param ceiling linear amplitude */
  constructor(sampleRate: number, channelCount: number, ceiling: number) {
    const memory = this.#memory;
    const lookAhead = Math.max(INTERPOLATOR_TAPS, Math.round(LOOK_AHEAD_SECONDS * sampleRate));
    this.latency = lookAhead - 1 + INTERPOLATOR_TAPS / 2;
    const past = (this.latency + INTERPOLATOR_TAPS + 3) & ~3;
    const line = () => this.#blocks.take(4 * (past + at.LIMITER_FRAMES + 16));
    this.#state = this.#blocks.take(at.LIMITER_BYTES);
    const before = this.#blocks.take(4 * lookAhead + 4);
    const averaged = this.#blocks.take(8 * lookAhead);
    memory.float32(before, lookAhead + 1).fill(1);
    memory.float64(averaged, lookAhead).fill(1);
    const ints = memory.int32(this.#state, at.LIMITER_BYTES / 4);
    const floats = memory.float32(this.#state, at.LIMITER_BYTES / 4);
    const doubles = memory.float64(this.#state, at.LIMITER_BYTES / 8);
    doubles[at.LIMITER_GAIN >> 3] = 1;
    doubles[at.LIMITER_SUM >> 3] = lookAhead;
    doubles[at.LIMITER_RELEASE >> 3] = 1 - Math.exp(-1 / (RELEASE_SECONDS * sampleRate));
    floats[at.LIMITER_CEILING >> 2] = ceiling;
    floats[at.LIMITER_LEAST >> 2] = 1;
    ints[at.LIMITER_INTERPOLATES >> 2] = sampleRate < DENSE_ENOUGH_RATE ? 1 : 0;
    ints[at.LIMITER_LOOK_AHEAD >> 2] = lookAhead;
    ints[at.LIMITER_DELAY >> 2] = this.latency;
    ints[at.LIMITER_LEFT >> 2] = line();
    ints[at.LIMITER_RIGHT >> 2] = channelCount > 1 ? line() : 0;
    ints[at.LIMITER_PAST >> 2] = past;
    ints[at.LIMITER_WANTED >> 2] = this.#blocks.take(4 * at.LIMITER_FRAMES + 64);
    ints[at.LIMITER_STRETCH >> 2] = this.#blocks.take(4 * lookAhead);
    ints[at.LIMITER_BEFORE >> 2] = before;
    ints[at.LIMITER_AVERAGED >> 2] = averaged;
    this.#signals = Array.from({ length: channelCount }, () => new KernelSignal(memory, at.LIMITER_FRAMES));
  }

  /** Replaces the signal by the limited one, {@link latency} frames late. */
  process(signal: readonly Float32Array[], frames: number): void {
    const [left, right] = this.#signals;
    for (let from = 0; from < frames; from += at.LIMITER_FRAMES) {
      const count = Math.min(at.LIMITER_FRAMES, frames - from);
      const leftAt = left!.enter(signal[0]!, from, count);
      const rightAt = right?.enter(signal[1]!, from, count) ?? 0;
      this.#memory.kernel.limit(this.#state, leftAt, rightAt, count);
      left!.leave(signal[0]!, from, count);
      right?.leave(signal[1]!, from, count);
    }
  }

  close(): void {
    for (const signal of this.#signals) signal.close();
    this.#blocks.close();
  }
}
