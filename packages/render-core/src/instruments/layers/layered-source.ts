import { createHash } from 'node:crypto';
import { balanceLeft, balanceRight, decibelsToGain } from '../playing/gains.js';
import { mixSeed } from '../playing/seed.js';
import type {
  PartAssignment,
  PartBus,
  PresetNumber,
  SoundSource,
  SourceContext,
  SourceRenderer,
} from '../sound-source.js';
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
  readonly buses: readonly PartBus[];
  readonly gain: number;
  readonly left: number;
  readonly right: number;
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
        const buses = assignments.map(() => createBus(context.blockFrames));
        const parts = assignments.map(({ part }, place) => ({
          part: layeredPart(part, definition),
          bus: buses[place]!,
          preset,
        }));
        const seed = mixSeed(context.seed, index) >>> 0;
        const renderer = source.open(parts, { ...context, maxVoices, seed });
        const centred = definition.pan === 0.5;
        this.layers.push({
          renderer,
          buses,
          gain: decibelsToGain(definition.gainDb),
          left: centred ? 1 : balanceLeft(definition.pan),
          right: centred ? 1 : balanceRight(definition.pan),
        });
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
    for (const { renderer, buses, gain, left, right } of this.layers) {
      for (const bus of buses) clear(bus, frames);
      renderer.render(frames);
      for (let index = 0; index < buses.length; index++) {
        const from = buses[index]!;
        const to = this.assignments[index]!.bus;
        addScaled(from.left, to.left, gain * left, frames);
        addScaled(from.right, to.right, gain * right, frames);
        addScaled(from.reverb, to.reverb, gain, frames);
        addScaled(from.chorus, to.chorus, gain, frames);
      }
    }
  }

  close(): void {
    for (const { renderer } of this.layers) renderer.close();
  }
}

function createBus(frames: number): PartBus {
  return {
    left: new Float32Array(frames),
    right: new Float32Array(frames),
    reverb: new Float32Array(frames),
    chorus: new Float32Array(frames),
  };
}

function clear(bus: PartBus, frames: number): void {
  bus.left.fill(0, 0, frames);
  bus.right.fill(0, 0, frames);
  bus.reverb.fill(0, 0, frames);
  bus.chorus.fill(0, 0, frames);
}

function addScaled(from: Float32Array, to: Float32Array, gain: number, frames: number): void {
  for (let i = 0; i < frames; i++) to[i]! += gain * from[i]!;
}
