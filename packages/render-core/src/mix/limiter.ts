import {
  DENSE_ENOUGH_RATE,
  INTERPOLATOR_TAPS,
  interpolatedPeak,
  LARGEST_INTERPOLATOR_GAIN,
} from './measure/true-peak-interpolator.js';

const { abs } = Math;
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
  private readonly lookAhead: number;
  private readonly interpolates: boolean;
  private readonly steepest: number;
  private readonly release: number;
  /** Per channel: the last frames of input, a ring of `latency + 1` rounded up to a power of two. */
  private readonly delays: Float64Array[];
  private readonly mask: number;
  /** Ascending gains of the look-ahead and the frames they belong to: the first is the least. */
  private readonly minimumGains: Float64Array;
  private readonly minimumFrames: Float64Array;
  private minimumHead = 0;
  private minimumTail = 0;
  private readonly averaged: Float64Array;
  private averagedSum: number;
  private gain = 1;
  private frame = 0;
  /** Frames until which an input near the ceiling is still inside the interpolator. */
  private nearUntil = -1;

  /** @param ceiling linear amplitude */
  constructor(
    sampleRate: number,
    channelCount: number,
    private readonly ceiling: number,
  ) {
    this.interpolates = sampleRate < DENSE_ENOUGH_RATE;
    this.steepest = this.interpolates ? LARGEST_INTERPOLATOR_GAIN : 1;
    this.lookAhead = Math.max(INTERPOLATOR_TAPS, Math.round(LOOK_AHEAD_SECONDS * sampleRate));
    this.latency = this.lookAhead - 1 + INTERPOLATOR_TAPS / 2;
    this.release = 1 - Math.exp(-1 / (RELEASE_SECONDS * sampleRate));
    const length = 2 ** Math.ceil(Math.log2(this.latency + INTERPOLATOR_TAPS + 1));
    this.mask = length - 1;
    this.delays = Array.from({ length: channelCount }, () => new Float64Array(length));
    this.minimumGains = new Float64Array(length);
    this.minimumFrames = new Float64Array(length);
    this.averaged = new Float64Array(this.lookAhead).fill(1);
    this.averagedSum = this.lookAhead;
  }

  /** Replaces the signal by the limited one, {@link latency} frames late. */
  process(signal: readonly Float32Array[], frames: number): void {
    const { delays, mask, latency, lookAhead, averaged } = this;
    for (let i = 0; i < frames; i++) {
      const at = this.frame & mask;
      let level = 0;
      for (let channel = 0; channel < delays.length; channel++) {
        const x = signal[channel]![i]!;
        delays[channel]![at] = x;
        const magnitude = x < 0 ? -x : x;
        if (magnitude > level) level = magnitude;
      }
      if (level * this.steepest > this.ceiling) this.nearUntil = this.frame + INTERPOLATOR_TAPS;
      const wanted = this.frame <= this.nearUntil ? this.ceiling / this.peakAt() : 1;
      const least = this.leastGain(wanted);
      this.gain = least < this.gain ? least : this.gain + this.release * (least - this.gain);
      const slot = this.frame % lookAhead;
      this.averagedSum += this.gain - averaged[slot]!;
      averaged[slot] = this.gain;
      const applied = this.averagedSum / lookAhead;
      for (let channel = 0; channel < delays.length; channel++)
        signal[channel]![i] = applied * delays[channel]![(this.frame - latency) & mask]!;
      this.frame++;
    }
  }

  /** Largest magnitude, over channels, of the frame in the middle of the interpolator and of the points between it and its neighbours. */
  private peakAt(): number {
    const { delays, mask, frame, interpolates } = this;
    let peak = this.ceiling;
    for (let channel = 0; channel < delays.length; channel++) {
      const delay = delays[channel]!;
      const middle = abs(delay[(frame - INTERPOLATOR_TAPS / 2) & mask]!);
      if (middle > peak) peak = middle;
      const between = interpolates ? interpolatedPeak(delay, frame, mask) : 0;
      if (between > peak) peak = between;
    }
    return peak;
  }

  /** The least gain among those of the last `lookAhead` frames, the given one included. */
  private leastGain(wanted: number): number {
    const { minimumGains, minimumFrames, mask } = this;
    while (this.minimumTail > this.minimumHead && minimumGains[(this.minimumTail - 1) & mask]! >= wanted)
      this.minimumTail--;
    minimumGains[this.minimumTail & mask] = wanted;
    minimumFrames[this.minimumTail & mask] = this.frame;
    this.minimumTail++;
    if (minimumFrames[this.minimumHead & mask]! <= this.frame - this.lookAhead) this.minimumHead++;
    return minimumGains[this.minimumHead & mask]!;
  }
}
