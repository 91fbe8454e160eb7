import type { ResolvedPart } from '../instruments/resolved-part.js';
import type { Effect } from '../options/effect-options.js';
import { KernelBus } from '../synth/kernel-bus.js';
import { EffectChain } from './effects/effect-chain.js';
import type { PartStrip } from './part-strip.js';
import type { SendEffects } from './send-effects.js';

/**
 * One part's share of the mix: the signal path of the mix run for this part alone, with a reverb and a chorus of its own.
 * Everything in it is linear, so the shares of all parts sum to the mix.
 */
export class StemPath {
  readonly resolved: ResolvedPart;
  readonly left: Float32Array;
  readonly right: Float32Array;
  private readonly bus: KernelBus;
  private readonly chain: EffectChain;

  constructor(
    private readonly strip: PartStrip,
    private readonly sends: SendEffects,
    masterEffects: readonly Effect[],
    sampleRate: number,
    blockFrames: number,
  ) {
    this.resolved = strip.resolved;
    this.bus = new KernelBus(blockFrames);
    this.left = this.bus.left;
    this.right = this.bus.right;
    this.chain = new EffectChain(masterEffects, sampleRate);
  }

  /** Renders into {@link left} and {@link right} what the strip has processed. */
  render(frames: number): void {
    const { bus } = this;
    this.strip.put(bus, frames);
    this.sends.process(bus.reverb, bus.chorus, bus.left, bus.right, frames);
    this.chain.process(bus.left, bus.right, frames);
    bus.mend(2, frames);
  }

  /** Gives back the memory of bus and effects. */
  close(): void {
    this.bus.close();
    this.sends.close();
    this.chain.close();
  }
}
