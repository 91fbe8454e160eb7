import { KernelBlocks } from '../synth/kernel-blocks.js';
import { type KernelMemory, kernelMemory } from '../synth/kernel-memory.js';
import { KernelSignal } from '../synth/kernel-signal.js';
import { ENCODER_BLOCK_FRAMES } from './audio-encoder.js';

const { floor, imul, min } = Math;
const TWO_32 = 2 ** 32;

/** How floating-point samples become whole numbers. */
export interface QuantizerSettings {
  readonly channelCount: number;
  readonly bitDepth: 16 | 24 | 32;
  /** Adds triangular dither of +-1 least significant bit before rounding. */
  readonly dither: boolean;
  readonly seed: number;
  /** Position of the first frame in the whole render: dither depends on it. */
  readonly firstFrame: number;
}

/**
 * Full scale 1.0 is 2^(bitDepth-1); rounding to nearest; what does not fit is limited, never wrapped.
 * 1.0 itself becomes the largest number and does not count as clipped.
 *
 * Dither is a function of seed, frame and channel alone: the same frame gets the same dither in a range and in the whole, whatever the division into blocks.
 */
export class Quantizer {
  /** Samples beyond full scale so far. */
  clippedSamples = 0;
  /** The whole numbers of the last block, a line in kernel memory for each channel. */
  readonly lines: readonly Int32Array[];
  readonly #memory: KernelMemory = kernelMemory();
  readonly #blocks = new KernelBlocks(this.#memory);
  readonly #signal = new KernelSignal(this.#memory, ENCODER_BLOCK_FRAMES);
  readonly #settings: QuantizerSettings;
  #frame: number;

  constructor(settings: QuantizerSettings) {
    this.#settings = settings;
    this.#frame = settings.firstFrame;
    this.lines = Array.from({ length: settings.channelCount }, () =>
      this.#memory.int32(this.#blocks.take(4 * ENCODER_BLOCK_FRAMES), ENCODER_BLOCK_FRAMES),
    );
  }

  /** Quantises the first `frames` frames of `signal`, at most {@link ENCODER_BLOCK_FRAMES}, into {@link lines}. */
  process(signal: readonly Float32Array[], frames: number): void {
    for (let from = 0; from < frames; ) {
      // The kernel counts frames in 32 bits.
      const count = min(frames - from, TWO_32 - (this.#frame % TWO_32));
      for (let channel = 0; channel < this.lines.length; channel++)
        this.#channel(signal[channel]!, channel, from, count);
      this.#frame += count;
      from += count;
    }
  }

  close(): void {
    this.#signal.close();
    this.#blocks.close();
  }

  #channel(samples: Float32Array, channel: number, from: number, count: number): void {
    const { bitDepth, dither, seed } = this.#settings;
    const key = imul(floor(this.#frame / TWO_32), 0x7feb352d) ^ seed;
    this.clippedSamples += this.#memory.kernel.quantize(
      ...[this.#signal.enter(samples, from, count), this.lines[channel]!.byteOffset + 4 * from, count],
      ...[2 ** (bitDepth - 1), dither ? 1 : 0, key, imul(channel, 0x5bd1e995), this.#frame | 0],
    );
  }
}
