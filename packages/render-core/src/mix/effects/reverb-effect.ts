import { DelayNetwork } from '../../synth/delay-network.js';
import { DIFFUSERS } from '../../synth/score-wide-reverb.js';
import { EFFECT_FRAMES, KernelEffect } from './kernel-effect.js';

/** Delays at room size 0.5, in seconds: no common divisors, so that echoes do not pile up. */
const LINES = [0.0297, 0.0331, 0.0371, 0.0411, 0.0453, 0.0497, 0.0543, 0.0599];
/** At the default settings noise is as loud wet as dry: 1 dB louder when both channels are the same, 2 dB quieter when they have nothing in common. */
const LEVEL = 1.26;

export interface RoomSettings {
  /** 0-1: reverberation time from 0.3 to 8 seconds. */
  readonly roomSize: number;
  /** 0-1: how much sooner the high frequencies die away. */
  readonly damping: number;
  /** 0 mono to 1 wide. */
  readonly width: number;
}

/** Seconds in which the reverb of a room decays by 60 dB. */
export function reverberationSeconds(roomSize: number): number {
  return 0.3 * (8 / 0.3) ** roomSize;
}

/** Reverb of the sum of both channels; output = (1 - mix) dry + mix wet. */
export class ReverbEffect extends KernelEffect {
  readonly delaySeconds: number;
  readonly linear = true;
  readonly #network: DelayNetwork;
  readonly #preDelay: Float32Array;
  readonly #input = this.memory.float32(this.take(EFFECT_FRAMES * 4), EFFECT_FRAMES);
  readonly #swap = new Float32Array(EFFECT_FRAMES);
  #position = 0;

  constructor(
    sampleRate: number,
    room: RoomSettings,
    private readonly mix: number,
    preDelaySeconds: number,
  ) {
    super();
    const scale = 0.6 + 0.8 * room.roomSize;
    const seconds = reverberationSeconds(room.roomSize);
    const lineSeconds = LINES.map((delay) => delay * scale);
    // What goes around loses this share of its energy with every round: the sum of all rounds is kept the same for every room.
    const round = lineSeconds.reduce((sum, delay) => sum + delay, 0) / lineSeconds.length;
    const lost = 1 - 10 ** ((-6 * round) / seconds);
    this.#network = new DelayNetwork(this.memory, sampleRate, {
      lineSeconds,
      diffuserSeconds: DIFFUSERS,
      decaySeconds: seconds,
      // The pole of a one-pole low-pass is e^-w: the same cut-off frequency at every sample rate.
      damping: (0.75 * room.damping) ** (44100 / sampleRate),
      gain: mix * LEVEL * Math.sqrt(lost),
      width: room.width,
    });
    this.#preDelay = new Float32Array(Math.round(preDelaySeconds * sampleRate));
    this.delaySeconds = preDelaySeconds + 0.1;
  }

  override close(): void {
    super.close();
    this.#network.close();
  }

  protected run(left: number, right: number, frames: number): void {
    this.kernel.middle(left, right, this.#input.byteOffset, frames);
    this.#delay(frames);
    this.kernel.setScaled(left, left, 1 - this.mix, frames);
    this.kernel.setScaled(right, right, 1 - this.mix, frames);
    this.#network.add(this.#input.byteOffset, left, right, frames);
  }

  /** Changes places with what lies in the pre-delay. */
  #delay(frames: number): void {
    const length = this.#preDelay.length;
    if (length === 0) return;
    for (let from = 0; from < frames; ) {
      const count = Math.min(frames - from, length - this.#position);
      const stretch = this.#preDelay.subarray(this.#position, this.#position + count);
      this.#swap.set(stretch);
      stretch.set(this.#input.subarray(from, from + count));
      this.#input.set(this.#swap.subarray(0, count), from);
      from += count;
      this.#position = (this.#position + count) % length;
    }
  }
}
