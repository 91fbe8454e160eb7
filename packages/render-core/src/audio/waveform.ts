import { KernelBlocks } from '../synth/kernel-blocks.js';
import { kernelMemory } from '../synth/kernel-memory.js';
import { KernelSignal } from '../synth/kernel-signal.js';
import { ENCODER_BLOCK_FRAMES } from './audio-encoder.js';

/** What a drawing of a sound needs: the extremes of equal stretches. */
export interface Waveform {
  readonly frames: number;
  readonly sampleRate: number;
  /** Length of a stretch; the last one may be shorter. */
  readonly framesPerBucket: number;
  /** Lowest and highest sample of each stretch over all channels, rounded to thousandths of full scale. */
  readonly minimum: readonly number[];
  readonly maximum: readonly number[];
}

const MOST_BUCKETS = 2000;

/** Gathers a {@link Waveform} while a file is written. */
export class WaveformMeter {
  private readonly framesPerBucket: number;
  private readonly minimum: Float32Array;
  private readonly maximum: Float32Array;
  private frame = 0;
  private readonly blocks = new KernelBlocks(kernelMemory());
  private readonly extremes = kernelMemory().float32(this.blocks.take(8), 2);
  private readonly kernelSignal = new KernelSignal(kernelMemory(), ENCODER_BLOCK_FRAMES);

  constructor(
    private readonly frames: number,
    private readonly sampleRate: number,
  ) {
    this.framesPerBucket = Math.max(1, Math.ceil(frames / MOST_BUCKETS));
    const buckets = Math.ceil(frames / this.framesPerBucket);
    this.minimum = new Float32Array(buckets).fill(Number.POSITIVE_INFINITY);
    this.maximum = new Float32Array(buckets).fill(Number.NEGATIVE_INFINITY);
  }

  process(signal: readonly Float32Array[], frames: number): void {
    const { framesPerBucket, minimum, maximum, extremes } = this;
    for (let from = 0; from < frames; ) {
      const bucket = Math.floor((this.frame + from) / framesPerBucket);
      const to = Math.min(frames, (bucket + 1) * framesPerBucket - this.frame);
      for (let channel = 0; channel < signal.length; channel++) {
        const address = this.kernelSignal.enter(signal[channel]!, from, to - from);
        kernelMemory().kernel.extremes(address, to - from, extremes.byteOffset);
        minimum[bucket] = Math.min(minimum[bucket]!, extremes[0]!);
        maximum[bucket] = Math.max(maximum[bucket]!, extremes[1]!);
      }
      from = to;
    }
    this.frame += frames;
  }

  close(): void {
    this.kernelSignal.close();
    this.blocks.close();
  }

  finish(): Waveform {
    const rounded = (values: Float32Array) => Array.from(values, (value) => Math.round(value * 1000) / 1000 + 0);
    return {
      frames: this.frames,
      sampleRate: this.sampleRate,
      framesPerBucket: this.framesPerBucket,
      minimum: rounded(this.minimum),
      maximum: rounded(this.maximum),
    };
  }
}
