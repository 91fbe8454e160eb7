import type { Effect } from '../../options/effect-options.js';
import type { AudioEffect } from './audio-effect.js';
import { biquadCoefficients } from './biquad-coefficients.js';
import { ChorusEffect } from './chorus-effect.js';
import { CompressorEffect } from './compressor-effect.js';
import { EchoEffect } from './echo-effect.js';
import { FilterEffect } from './filter-effect.js';
import { GainEffect } from './gain-effect.js';
import { ReverbEffect } from './reverb-effect.js';

/** Effects one after the other, itself an effect. */
export class EffectChain implements AudioEffect {
  readonly delaySeconds: number;
  readonly linear: boolean;
  private readonly effects: readonly AudioEffect[];

  constructor(effects: readonly Effect[], sampleRate: number) {
    this.effects = effects.map((effect) => createEffect(effect, sampleRate));
    this.delaySeconds = this.effects.reduce((sum, effect) => sum + effect.delaySeconds, 0);
    this.linear = this.effects.every((effect) => effect.linear);
  }

  process(left: Float32Array, right: Float32Array, frames: number): void {
    for (let i = 0; i < this.effects.length; i++) this.effects[i]!.process(left, right, frames);
  }

  close(): void {
    for (const effect of this.effects) effect.close();
  }
}

function createEffect(effect: Effect, sampleRate: number): AudioEffect {
  switch (effect.type) {
    case 'echo':
      return new EchoEffect(sampleRate, effect.delaySeconds, effect.gain, effect.feedback);
    case 'reverb':
      return new ReverbEffect(sampleRate, effect, effect.mix, effect.preDelaySeconds);
    case 'chorus':
      return new ChorusEffect(sampleRate, effect.mix, effect.rateHz, effect.depthSeconds);
    case 'filter':
      return new FilterEffect(
        biquadCoefficients(effect.shape, effect.frequencyHz, effect.q, effect.gainDb, sampleRate),
      );
    case 'compressor':
      return new CompressorEffect(sampleRate, effect);
    case 'gain':
      return GainEffect.ofDecibels(effect.gainDb);
    case 'pan':
      return GainEffect.ofPan(effect.position);
  }
}
