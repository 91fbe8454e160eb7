import { KernelBlock } from '../synth/kernel-block.js';
import { kernelMemory } from '../synth/kernel-memory.js';
import { KernelSignal } from '../synth/kernel-signal.js';
import { amplitude } from './decibels.js';
import { TruePeakLimiter } from './limiter.js';

/** A finished mix that can be read from any frame. */
export interface ReadableSignal {
  readonly frames: number;
  readonly channelCount: number;
  /** Copies up to `count` frames from `start` on to the start of `target`. Returns how many there were. */
  read(start: number, target: readonly Float32Array[], count: number): number;
}

export interface MasterSettings {
  readonly sampleRate: number;
  readonly gainDb: number;
  /** Keeps the true peak below this level (dBTP); null leaves peaks alone. */
  readonly ceilingDb: number | null;
}

/** A mix with the master's gain and limiter, read once from start to end. */
export class MasterSignal {
  private readonly gain: number;
  private readonly limiter: TruePeakLimiter | null;
  private readonly late: KernelBlock;
  private readonly kernelSignal: KernelSignal;
  private position = 0;
  private skip: number;

  /** @param blockFrames the most frames read at once; quickest into arrays in kernel memory */
  constructor(
    private readonly source: ReadableSignal,
    settings: MasterSettings,
    blockFrames: number,
  ) {
    this.gain = amplitude(settings.gainDb);
    this.limiter =
      settings.ceilingDb === null
        ? null
        : new TruePeakLimiter(settings.sampleRate, source.channelCount, amplitude(settings.ceilingDb));
    this.skip = this.limiter?.latency ?? 0;
    this.late = new KernelBlock(source.channelCount, blockFrames);
    this.kernelSignal = new KernelSignal(kernelMemory(), blockFrames);
  }

  /** Puts the next frames into `target`; returns how many, 0 at the end. */
  read(target: readonly Float32Array[], count: number): number {
    while (this.skip > 0) {
      const skipped = Math.min(this.skip, count);
      this.advance(this.late.channels, skipped);
      this.skip -= skipped;
    }
    const latency = this.limiter?.latency ?? 0;
    const available = Math.min(count, this.source.frames + latency - this.position);
    if (available > 0) this.advance(target, available);
    return Math.max(0, available);
  }

  close(): void {
    this.late.close();
    this.kernelSignal.close();
    this.limiter?.close();
  }

  /** Moves on in the source, which is followed by silence. */
  private advance(target: readonly Float32Array[], count: number): void {
    const { source, gain, kernelSignal } = this;
    const read = source.read(this.position, target, count);
    for (let channel = 0; channel < source.channelCount; channel++) {
      const samples = target[channel]!;
      if (gain !== 1 && read > 0) {
        const address = kernelSignal.enter(samples, 0, read);
        kernelMemory().kernel.setScaled(address, address, gain, read);
        kernelSignal.leave(samples, 0, read);
      }
      samples.fill(0, read, count);
    }
    this.position += count;
    this.limiter?.process(target, count);
  }
}
