import { createHash } from 'node:crypto';
import { KernelBus } from '../../synth/kernel-bus.js';
import { balanceLeft, balanceRight, decibelsToGain } from '../playing/gains.js';
import { mixSeed } from '../playing/seed.js';
import type { PartAssignment, PresetNumber, SoundSource, SourceContext, SourceRenderer } from '../sound-source.js';
import { layeredPart } from './layered-part.js';
import type { LayerDefinition } from './layers-definition.js';

/** A layer with what plays it. */
export interface Layer {
  readonly definition: LayerDefinition;
  readonly source: SoundSource;
  readonly preset: PresetNumber | null;
}

/** Several sources, layered ones among them, that play the same parts together. */
export class LayeredSource implements SoundSource {
  readonly kind = 'layers';
  readonly identity: string;

  constructor(
    readonly name: string,
    private readonly layers: readonly Layer[],
  ) {
    const parts = layers.map(({ definition, source, preset }) => [
      { ...definition, instrument: source.identity },
      preset,
    ]);
    this.identity = createHash('sha256')
      .update(JSON.stringify(['layers', 1, parts]))
      .digest('hex');
  }

  open(parts: readonly PartAssignment[], context: SourceContext): SourceRenderer {
    return new LayeredRenderer(this.layers, parts, context);
  }
}

/** A layer at work: its source plays to buses of its own, which are then added to those of the parts. */
interface OpenLayer {
  readonly renderer: SourceRenderer;
  readonly buses: readonly KernelBus[];
  /** Of the four signals of a bus. */
  readonly gains: readonly number[];
}

class LayeredRenderer implements SourceRenderer {
  private readonly layers: OpenLayer[] = [];

  constructor(
    layers: readonly Layer[],
    private readonly assignments: readonly PartAssignment[],
    context: SourceContext,
  ) {
    const maxVoices = context.maxVoices === null ? null : Math.max(1, Math.floor(context.maxVoices / layers.length));
    try {
      layers.forEach(({ definition, source, preset }, index) => {
        const buses = assignments.map(() => new KernelBus(context.blockFrames));
        const parts = assignments.map(({ part }, place) => ({
          part: layeredPart(part, definition),
          bus: buses[place]!,
          preset,
        }));
        const seed = mixSeed(context.seed, index) >>> 0;
        const gain = decibelsToGain(definition.gainDb);
        const centred = definition.pan === 0.5;
        const left = centred ? gain : gain * balanceLeft(definition.pan);
        const right = centred ? gain : gain * balanceRight(definition.pan);
        try {
          const renderer = source.open(parts, { ...context, maxVoices, seed });
          this.layers.push({ renderer, buses, gains: [left, right, gain, gain] });
        } catch (error) {
          for (const bus of buses) bus.close();
          throw error;
        }
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get voiceCount(): number {
    return this.layers.reduce((sum, { renderer }) => sum + renderer.voiceCount, 0);
  }

  get active(): boolean {
    return this.layers.some(({ renderer }) => renderer.active);
  }

  get stolenNotes(): number {
    return this.layers.reduce((sum, { renderer }) => sum + renderer.stolenNotes, 0);
  }

  render(frames: number): void {
    for (const { renderer, buses, gains } of this.layers) {
      if (!renderer.active) continue;
      for (const bus of buses) bus.clear(frames);
      renderer.render(frames);
      for (let index = 0; index < buses.length; index++) {
        const target = this.assignments[index]!.bus;
        for (let signal = 0; signal < gains.length; signal++)
          buses[index]!.addTo(target, signal, gains[signal]!, frames);
      }
    }
  }

  close(): void {
    for (const { renderer, buses } of this.layers) {
      renderer.close();
      for (const bus of buses) bus.close();
    }
  }
}
