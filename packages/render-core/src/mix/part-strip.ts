import type { ResolvedPart } from '../instruments/resolved-part.js';
import type { PartBus } from '../instruments/sound-source.js';
import { amplitude } from './decibels.js';
import { EffectChain } from './effects/effect-chain.js';
import { replaceNonFinite } from './finite-guard.js';
import { panGains } from './pan-law.js';

export function createBus(frames: number): PartBus {
  return {
    left: new Float32Array(frames),
    right: new Float32Array(frames),
    reverb: new Float32Array(frames),
    chorus: new Float32Array(frames),
  };
}

export function clearBus(bus: PartBus, frames: number): void {
  bus.left.fill(0, 0, frames);
  bus.right.fill(0, 0, frames);
  bus.reverb.fill(0, 0, frames);
  bus.chorus.fill(0, 0, frames);
}

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
  readonly bus: PartBus;
  readonly delaySeconds: number;
  private readonly chain: EffectChain;
  private readonly sendChain: EffectChain;
  private readonly leftGain: number;
  private readonly rightGain: number;
  private readonly reverbGain: number;
  private readonly chorusGain: number;

  constructor(
    readonly resolved: ResolvedPart,
    sampleRate: number,
    blockFrames: number,
  ) {
    this.bus = createBus(blockFrames);
    this.chain = new EffectChain(resolved.effects, sampleRate);
    this.sendChain = new EffectChain(
      resolved.effects.filter(({ type }) => type === 'gain' || type === 'filter' || type === 'compressor'),
      sampleRate,
    );
    this.delaySeconds = this.chain.delaySeconds;
    const gain = amplitude(resolved.gainDb);
    const pan = panGains(resolved.pan ?? 0.5);
    this.leftGain = gain * pan.left;
    this.rightGain = gain * pan.right;
    this.reverbGain = gain * resolved.reverbSend;
    this.chorusGain = gain * resolved.chorusSend;
  }

  /** Turns what the source has put on the bus into what the part contributes to the mix, in place. Returns the number of samples that were not numbers. */
  process(frames: number): number {
    const { left, right, reverb, chorus } = this.bus;
    let replaced = replaceNonFinite(left, frames) + replaceNonFinite(right, frames);
    replaced += replaceNonFinite(reverb, frames) + replaceNonFinite(chorus, frames);
    this.chain.process(left, right, frames);
    this.sendChain.process(reverb, chorus, frames);
    const { leftGain, rightGain, reverbGain, chorusGain } = this;
    for (let i = 0; i < frames; i++) {
      left[i]! *= leftGain;
      right[i]! *= rightGain;
      reverb[i]! *= reverbGain;
      chorus[i]! *= chorusGain;
    }
    return replaced;
  }
}

/** Adds a bus to another. */
export function addBus(from: PartBus, to: PartBus, frames: number): void {
  for (let i = 0; i < frames; i++) {
    to.left[i]! += from.left[i]!;
    to.right[i]! += from.right[i]!;
    to.reverb[i]! += from.reverb[i]!;
    to.chorus[i]! += from.chorus[i]!;
  }
}
