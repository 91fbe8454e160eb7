import { amplitude } from '../decibels.js';
import type { AudioEffect } from './audio-effect.js';

const { abs, exp, log10, max } = Math;
const NEPER_PER_DB = Math.LN10 / 20;

export interface CompressorSettings {
  readonly thresholdDb: number;
  readonly ratio: number;
  readonly attackSeconds: number;
  readonly releaseSeconds: number;
  /** Width of the soft knee, centred on the threshold. */
  readonly kneeDb: number;
  readonly makeupDb: number;
}

/**
 * Gain in dB, 0 or less, that a level in dB gets once it has lasted (Giannoulis, Massberg and Reiss 2012, equation 4).
 */
export function staticGainDb(levelDb: number, { thresholdDb, ratio, kneeDb }: CompressorSettings): number {
  const over = levelDb - thresholdDb;
  const slope = 1 / ratio - 1;
  if (2 * over <= -kneeDb) return 0;
  if (2 * over < kneeDb) return (slope * (over + kneeDb / 2) ** 2) / (2 * kneeDb);
  return slope * over;
}

/** A feed-forward compressor: the louder channel decides for both, so that the stereo image stands still. */
export class CompressorEffect implements AudioEffect {
  readonly delaySeconds = 0;
  readonly linear = false;
  private readonly attack: number;
  private readonly release: number;
  private readonly makeup: number;
  /** Amplitude below which the gain computer has nothing to do. */
  private readonly floor: number;
  private gainDb = 0;

  constructor(
    sampleRate: number,
    private readonly settings: CompressorSettings,
  ) {
    this.attack = Math.exp(-1 / (settings.attackSeconds * sampleRate));
    this.release = Math.exp(-1 / (settings.releaseSeconds * sampleRate));
    this.makeup = amplitude(settings.makeupDb);
    this.floor = amplitude(settings.thresholdDb - settings.kneeDb / 2);
  }

  process(left: Float32Array, right: Float32Array, frames: number): void {
    const { settings, attack, release, makeup, floor } = this;
    let gainDb = this.gainDb;
    for (let i = 0; i < frames; i++) {
      const level = max(abs(left[i]!), abs(right[i]!));
      const target = level > floor ? staticGainDb(20 * log10(level), settings) : 0;
      const smoothing = target < gainDb ? attack : release;
      gainDb = target + smoothing * (gainDb - target);
      if (target === 0 && gainDb > -1e-6) gainDb = 0;
      const gain = gainDb === 0 ? makeup : makeup * exp(gainDb * NEPER_PER_DB);
      left[i]! *= gain;
      right[i]! *= gain;
    }
    this.gainDb = gainDb;
  }
}
