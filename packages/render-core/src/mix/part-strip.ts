import type { ResolvedPart } from '../instruments/resolved-part.js';
import { KernelBus } from '../synth/kernel-bus.js';
import { amplitude } from './decibels.js';
import { EffectChain } from './effects/effect-chain.js';
import { panGains } from './pan-law.js';

/** True when nothing is set for the part, so that its source may play straight into the mix. */
export function isPlain(part: ResolvedPart): boolean {
  return (
    part.effects.length === 0 &&
    part.gainDb === 0 &&
    (part.pan === null || part.pan === 0.5) &&
    part.reverbSend === 1 &&
    part.chorusSend === 1
  );
}

/**
 * The channel strip of one part: source, effects, gain, pan, sends.
 *
 * The sends of a source are signals of their own (every voice has its send level), so the gains, filters and compressors of a part are
 * applied to them as well; echo, reverb, chorus and pan concern the dry sound alone.
 */
export class PartStrip {
  readonly bus: KernelBus;
  readonly delaySeconds: number;
  private readonly chain: EffectChain;
  private readonly sendChain: EffectChain;
  private readonly gains: readonly number[];
  private readonly hasEffects: boolean;
  /** Whether the source has sent anything to the score-wide effects so far. */
  readonly sent = { reverb: false, chorus: false };
  /** Which of the four buses are not silent in this block. */
  private readonly sounding = [false, false, false, false];

  constructor(
    readonly resolved: ResolvedPart,
    sampleRate: number,
    blockFrames: number,
  ) {
    this.bus = new KernelBus(blockFrames);
    this.chain = new EffectChain(resolved.effects, sampleRate);
    this.sendChain = new EffectChain(
      resolved.effects.filter(({ type }) => type === 'gain' || type === 'filter' || type === 'compressor'),
      sampleRate,
    );
    this.hasEffects = resolved.effects.length > 0;
    this.delaySeconds = this.chain.delaySeconds;
    const gain = amplitude(resolved.gainDb);
    const pan = panGains(resolved.pan ?? 0.5);
    this.gains = [gain * pan.left, gain * pan.right, gain * resolved.reverbSend, gain * resolved.chorusSend];
  }

  /** Silences the bus for the next block. */
  clear(frames: number): void {
    for (let i = 0; i < 4; i++) if (this.sounding[i]!) this.bus.silence(i, frames);
  }

  /** Puts the effects on what the source has played. Returns the number of samples that were not numbers. */
  process(frames: number): number {
    const { bus, sounding, hasEffects, sent } = this;
    const replaced = bus.mend(4, frames, sounding);
    if (sounding[2]!) sent.reverb = true;
    if (sounding[3]!) sent.chorus = true;
    if (hasEffects) sounding.fill(true);
    this.chain.process(bus.left, bus.right, frames);
    this.sendChain.process(bus.reverb, bus.chorus, frames);
    return replaced;
  }

  /** Adds the part to a mix, with its gain, pan and sends. */
  mixInto(target: KernelBus, frames: number): void {
    const { bus, sounding, gains } = this;
    for (let i = 0; i < 4; i++) if (sounding[i]!) target.addScaled(i, bus, gains[i]!, frames);
  }

  /** Makes a bus the part alone, with its gain, pan and sends. */
  put(target: KernelBus, frames: number): void {
    const { bus, sounding, gains } = this;
    for (let i = 0; i < 4; i++) {
      if (sounding[i]!) target.setScaled(i, bus, gains[i]!, frames);
      else target.silence(i, frames);
    }
  }

  /** Gives back the memory of bus and effects. */
  close(): void {
    this.bus.close();
    this.chain.close();
    this.sendChain.close();
  }
}
