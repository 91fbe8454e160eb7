import { COMPRESSOR_BYTES } from '../../synth/effects-layout.js';
import { amplitude } from '../decibels.js';
import { KernelEffect } from './kernel-effect.js';

export interface CompressorSettings {
  readonly thresholdDb: number;
  readonly ratio: number;
  readonly attackSeconds: number;
  readonly releaseSeconds: number;
  /** Width of the soft knee, centred on the threshold. */
  readonly kneeDb: number;
  readonly makeupDb: number;
}

/** A feed-forward compressor: the louder channel decides for both, so that the stereo image stands still. */
export class CompressorEffect extends KernelEffect {
  readonly delaySeconds = 0;
  readonly linear = false;
  readonly #state = this.take(COMPRESSOR_BYTES);
  readonly #attack: number;
  readonly #release: number;
  readonly #slope: number;
  readonly #makeup: number;

  constructor(
    sampleRate: number,
    private readonly settings: CompressorSettings,
  ) {
    super();
    this.#attack = Math.exp(-1 / (settings.attackSeconds * sampleRate));
    this.#release = Math.exp(-1 / (settings.releaseSeconds * sampleRate));
    this.#slope = 1 / settings.ratio - 1;
    this.#makeup = amplitude(settings.makeupDb);
  }

  protected run(left: number, right: number, frames: number): void {
    const { thresholdDb, kneeDb } = this.settings;
    this.kernel.compress(
      ...[this.#state, left, right, frames],
      ...[thresholdDb, this.#slope, kneeDb, this.#attack, this.#release, this.#makeup],
    );
  }
}
