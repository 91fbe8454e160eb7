import type { RenderOptions } from '../options/render-options.js';
import type { Performance } from '../score/performance.js';
import { kernelMemory } from '../synth/kernel-memory.js';

/** Longest time after the end of the music that is waited for silence, in seconds. */
export const LONGEST_TAIL_SECONDS = 30;

/** How long a render goes on after the musical end. */
export interface TailPolicy {
  /** Seconds after the end of the music that the file has at least. */
  readonly shortest: number;
  /** ... and at most, if sound remains. */
  readonly longest: number;
  /** What counts as sound, in dB below the loudest sample of the mix. */
  readonly audibleDb: number;
  /** The tail is folded into the start. */
  readonly loop: boolean;
}

/**
 * The tail that the options ask for, or that this kind of score has by default.
 *
 * Audibility is measured against the loudest sample and not in dBFS, because the mix is not at its final level yet. The two seconds of
 * MusiStrata songs are kept to the frame unless something within 60 dB of the loudest sample would be cut; silence is 80 dB below it.
 */
export function tailPolicy(options: RenderOptions, performance: Performance): TailPolicy {
  const tail = options.tail ?? performance.defaultTail;
  if (tail === 'exact') return { shortest: 0, longest: 0, audibleDb: 0, loop: false };
  if (tail === 'two-seconds') return { shortest: 2, longest: LONGEST_TAIL_SECONDS, audibleDb: -60, loop: false };
  if (tail === 'silence') return { shortest: 0, longest: LONGEST_TAIL_SECONDS, audibleDb: -80, loop: false };
  if (tail === 'loop') return { shortest: 0, longest: LONGEST_TAIL_SECONDS, audibleDb: -100, loop: true };
  return { shortest: tail, longest: tail, audibleDb: 0, loop: false };
}

/** Follows a render from block to block and decides where it ends. */
export class TailWatch {
  /** The loudest sample so far. */
  peak = 0;
  /** Frame after the last audible one. */
  private audibleEnd = 0;
  private frame = 0;
  private moreToCome = true;
  private readonly bits = new Int32Array(1);
  private readonly magnitudes = new Float32Array(this.bits.buffer);
  private readonly threshold: number;
  private readonly shortest: number;
  private readonly longest: number;

  /**
   * @param endFrame where the music ends
   * @param quietFrames how much silence there must be before nothing more is expected
   */
  constructor(
    policy: TailPolicy,
    endFrame: number,
    sampleRate: number,
    private readonly quietFrames: number,
  ) {
    this.threshold = 10 ** (policy.audibleDb / 20);
    this.shortest = endFrame + Math.round(policy.shortest * sampleRate);
    this.longest = endFrame + Math.round(policy.longest * sampleRate);
  }

  /** The least number of frames that the whole render will have. */
  get earliestEnd(): number {
    return this.shortest;
  }

  /**
   * Both channels stand in kernel memory.
   * @param moreToCome whether a source has a voice that sounds or has yet to begin: one that is silent now may be heard later
   */
  process(left: Float32Array, right: Float32Array, frames: number, moreToCome: boolean): void {
    this.moreToCome = moreToCome;
    const peak = Math.max(this.peakOf(left, frames), this.peakOf(right, frames));
    if (peak > this.peak) this.peak = peak;
    const audible = this.peak * this.threshold;
    if (peak > audible || (peak > 0 && peak === this.peak)) {
      let last = frames - 1;
      while (last > 0 && highest(left, right, last, last + 1) < audible) last--;
      this.audibleEnd = this.frame + last + 1;
    }
    this.frame += frames;
  }

  /** Largest magnitude of a signal in kernel memory, whose samples are finite. */
  private peakOf(samples: Float32Array, frames: number): number {
    this.bits[0] = kernelMemory().kernel.magnitude(samples.byteOffset, frames);
    return this.magnitudes[0]!;
  }

  /** True when the render is complete: its least length is reached, and nothing follows or may follow. */
  get finished(): boolean {
    if (this.frame < this.shortest) return false;
    if (this.frame >= this.longest) return true;
    return !this.moreToCome && this.frame - this.audibleEnd >= this.quietFrames;
  }

  /** Number of frames that the whole render has, once finished. */
  get length(): number {
    return Math.min(this.longest, Math.max(this.shortest, this.audibleEnd));
  }
}

/** Largest magnitude of the samples from `from` to `to`. */
function highest(left: Float32Array, right: Float32Array, from: number, to: number): number {
  let peak = 0;
  for (let i = from; i < to; i++) {
    const x = left[i]!;
    const y = right[i]!;
    if (x > peak) peak = x;
    else if (-x > peak) peak = -x;
    if (y > peak) peak = y;
    else if (-y > peak) peak = -y;
  }
  return peak;
}
