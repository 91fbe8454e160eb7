import type { PartAssignment, PartBus, SourceContext } from '../../instruments/sound-source.js';
import type { BankData } from '../bank/bank-data.js';
import { FontRenderer } from '../font-renderer.js';
import type { KernelMemory } from '../kernel-memory.js';

/** Shards that one thread adds up: into buses in kernel memory whose contents are replaced. */
export class ShardStream {
  readonly #renderers: readonly FontRenderer[];

  /** @param shards their parts, with buses in kernel memory that only they play into */
  constructor(
    bank: BankData,
    memory: KernelMemory,
    shards: readonly (readonly PartAssignment[])[],
    context: SourceContext,
  ) {
    const seen = new Set<PartBus>();
    this.#renderers = shards.map((parts) => {
      const first = new Set(parts.map(({ bus }) => bus).filter((bus) => !seen.has(bus)));
      for (const bus of first) seen.add(bus);
      return new FontRenderer(bank, memory, parts, context, true, first);
    });
  }

  get voiceCount(): number {
    return this.#renderers.reduce((sum, renderer) => sum + renderer.voiceCount, 0);
  }

  get active(): boolean {
    return this.#renderers.some((renderer) => renderer.active);
  }

  render(frames: number): void {
    for (let i = 0; i < this.#renderers.length; i++) this.#renderers[i]!.render(frames);
  }

  /** From now on plays so many bytes behind the buses that it was opened with. */
  redirect(bytes: number): void {
    for (let i = 0; i < this.#renderers.length; i++) this.#renderers[i]!.redirect(bytes);
  }

  close(): void {
    for (const renderer of this.#renderers) renderer.close();
  }
}
