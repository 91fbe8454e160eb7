import type { ResolvedPart } from '../instruments/resolved-part.js';
import type { PartBus } from '../instruments/sound-source.js';
import { amplitude } from './decibels.js';
import { EffectChain } from './effects/effect-chain.js';
import { energy, replaceNonFinite } from './finite-guard.js';
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
  private readonly gains: readonly number[];
  private readonly buses: readonly Float32Array[];
  private readonly hasEffects: boolean;
  /** Which of the four buses are not silent in this block. */
  private readonly sounding = [false, false, false, false];

  constructor(
    readonly resolved: ResolvedPart,
    sampleRate: number,
    blockFrames: number,
  ) {
    this.bus = createBus(blockFrames);
    this.buses = inOrder(this.bus);
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
    for (let i = 0; i < 4; i++) if (this.sounding[i]!) this.buses[i]!.fill(0, 0, frames);
  }

  /** Puts the effects on what the source has played. Returns the number of samples that were not numbers. */
  process(frames: number): number {
    const { buses, sounding, hasEffects } = this;
    let replaced = 0;
    for (let i = 0; i < 4; i++) {
      const power = energy(buses[i]!, frames);
      if (!(power < Number.POSITIVE_INFINITY)) replaced += replaceNonFinite(buses[i]!, frames);
      sounding[i] = power !== 0 || hasEffects;
    }
    this.chain.process(buses[0]!, buses[1]!, frames);
    this.sendChain.process(buses[2]!, buses[3]!, frames);
    return replaced;
  }

  /** Adds the part to a mix, with its gain, pan and sends. */
  mixInto(target: PartBus, frames: number): void {
    const { buses, sounding, gains } = this;
    if (sounding[0]!) addScaled(buses[0]!, gains[0]!, target.left, frames);
    if (sounding[1]!) addScaled(buses[1]!, gains[1]!, target.right, frames);
    if (sounding[2]!) addScaled(buses[2]!, gains[2]!, target.reverb, frames);
    if (sounding[3]!) addScaled(buses[3]!, gains[3]!, target.chorus, frames);
  }
}

function inOrder(bus: PartBus): readonly Float32Array[] {
  return [bus.left, bus.right, bus.reverb, bus.chorus];
}

function addScaled(from: Float32Array, gain: number, to: Float32Array, frames: number): void {
  for (let i = 0; i < frames; i++) to[i]! += gain * from[i]!;
}
