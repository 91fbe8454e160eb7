import { ScoreWideChorus } from '../synth/score-wide-chorus.js';
import { ScoreWideReverb } from '../synth/score-wide-reverb.js';

/** How the score-wide effects sound. All values 0-1 but the levels, where 1 is General MIDI's and 0 switches off. */
export interface SendEffectSettings {
  readonly reverb: {
    readonly level: number;
    readonly roomSize: number;
    readonly damping: number;
    readonly width: number;
  };
  readonly chorus: { readonly level: number };
}

/** The reverb and chorus that all parts send to, computed by the kernel. Deterministic, and the same for any blocks of whole 64 frames. */
export class SendEffects {
  readonly #reverb: ScoreWideReverb | null;
  readonly #chorus: ScoreWideChorus | null;

  /** @param sampleRate Hz, 8000-192000 */
  constructor(sampleRate: number, settings: SendEffectSettings) {
    this.#reverb = settings.reverb.level > 0 ? new ScoreWideReverb(sampleRate, settings.reverb) : null;
    this.#chorus = settings.chorus.level > 0 ? new ScoreWideChorus(sampleRate, settings.chorus.level) : null;
  }

  /** Adds the wet sound of `frames` frames of both sends to the outputs. */
  process(
    reverbIn: Float32Array,
    chorusIn: Float32Array,
    outLeft: Float32Array,
    outRight: Float32Array,
    frames: number,
  ): void {
    this.#reverb?.process(reverbIn, outLeft, outRight, frames);
    this.#chorus?.process(chorusIn, outLeft, outRight, frames);
  }

  /** Gives back the memory of the effects. Safe to call twice. */
  close(): void {
    this.#reverb?.close();
    this.#chorus?.close();
  }
}
