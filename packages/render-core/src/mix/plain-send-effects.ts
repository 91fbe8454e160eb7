import type { RenderOptions } from '../options/render-options.js';
import { ChorusEffect } from './effects/chorus-effect.js';
import { DelayNetwork } from './effects/delay-network.js';

/** The score-wide reverb and chorus that parts send to. */
export interface SendEffects {
  /** Adds the wet sound of both sends to the outputs. */
  process(
    reverbIn: Float32Array,
    chorusIn: Float32Array,
    outLeft: Float32Array,
    outRight: Float32Array,
    frames: number,
  ): void;
}

export class PlainSendEffects implements SendEffects {
  private readonly network: DelayNetwork;
  private readonly chorus: ChorusEffect;
  private readonly wetLeft: Float32Array;
  private readonly wetRight: Float32Array;

  constructor(
    sampleRate: number,
    blockFrames: number,
    private readonly options: Pick<RenderOptions, 'reverb' | 'chorus'>,
  ) {
    this.network = new DelayNetwork(sampleRate, options.reverb);
    this.chorus = new ChorusEffect(sampleRate, 1, 0.3, 0.004);
    this.wetLeft = new Float32Array(blockFrames);
    this.wetRight = new Float32Array(blockFrames);
  }

  process(
    reverbIn: Float32Array,
    chorusIn: Float32Array,
    outLeft: Float32Array,
    outRight: Float32Array,
    frames: number,
  ): void {
    const { wetLeft, wetRight, options } = this;
    if (options.reverb.level > 0) {
      this.network.process(reverbIn, wetLeft, wetRight, frames);
      addScaled(wetLeft, wetRight, options.reverb.level, outLeft, outRight, frames);
    }
    if (options.chorus.level > 0) {
      wetLeft.set(chorusIn.subarray(0, frames));
      wetRight.set(wetLeft.subarray(0, frames));
      this.chorus.process(wetLeft, wetRight, frames);
      addScaled(wetLeft, wetRight, options.chorus.level, outLeft, outRight, frames);
    }
  }
}

function addScaled(
  left: Float32Array,
  right: Float32Array,
  gain: number,
  outLeft: Float32Array,
  outRight: Float32Array,
  frames: number,
): void {
  for (let i = 0; i < frames; i++) {
    outLeft[i]! += gain * left[i]!;
    outRight[i]! += gain * right[i]!;
  }
}
