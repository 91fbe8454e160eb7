import { triangularDither } from './dither.js';

const { floor, max, min } = Math;

/** How floating-point samples become whole numbers. */
export interface QuantizerSettings {
  readonly bitDepth: 16 | 24 | 32;
  /** Adds triangular dither before rounding. */
  readonly dither: boolean;
  readonly seed: number;
  /** Position of the first frame in the whole render: dither depends on it. */
  readonly firstFrame: number;
}

/**
 * Full scale 1.0 is 2^(bitDepth-1); rounding to nearest; what does not fit is limited, never wrapped.
 * 1.0 itself becomes the largest number and does not count as clipped.
 */
export class Quantizer {
  /** Samples beyond full scale so far. */
  clippedSamples = 0;
  private readonly scale: number;
  private readonly highest: number;
  private frame: number;

  constructor(private readonly settings: QuantizerSettings) {
    this.scale = 2 ** (settings.bitDepth - 1);
    this.highest = this.scale - 1;
    this.frame = settings.firstFrame;
  }

  /** Quantises the first `frames` frames of `signal`, interleaved, into `target`. */
  process(signal: readonly Float32Array[], frames: number, target: Int32Array): void {
    const { scale, highest, frame, settings } = this;
    const { dither, seed } = settings;
    const lowest = -scale;
    const channelCount = signal.length;
    for (let channel = 0; channel < channelCount; channel++) {
      const samples = signal[channel]!;
      let clipped = 0;
      for (let i = 0, at = channel; i < frames; i++, at += channelCount) {
        const exact = samples[i]! * scale;
        if (exact > scale || exact < lowest) clipped++;
        const value = floor((dither ? exact + triangularDither(seed, frame + i, channel) : exact) + 0.5);
        target[at] = max(lowest, min(highest, value));
      }
      this.clippedSamples += clipped;
    }
    this.frame += frames;
  }
}
