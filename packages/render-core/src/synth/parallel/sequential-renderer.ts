import type { PartAssignment, PartBus, SourceContext, SourceRenderer } from '../../instruments/sound-source.js';
import type { BankData } from '../bank/bank-data.js';
import { FontRenderer } from '../font-renderer.js';
import { busesAt, KernelBuses } from '../kernel-buses.js';
import type { KernelMemory } from '../kernel-memory.js';
import { groupsOf } from './plan-shards.js';
import { ShardStream } from './shard-stream.js';

/** What plays into the buses of the score, in kernel memory. */
type Player = Pick<FontRenderer, 'voiceCount' | 'active' | 'render' | 'close'>;

/** One group of shards after the other in this thread: what ThreadedRenderer does without helpers, with the same bytes. */
export class SequentialRenderer implements SourceRenderer {
  readonly #players: readonly Player[];
  readonly #buses: KernelBuses;
  readonly #undivided: FontRenderer | null;

  constructor(
    bank: BankData,
    memory: KernelMemory,
    shards: readonly (readonly PartAssignment[])[],
    context: SourceContext,
  ) {
    const buses = new KernelBuses(memory, shards.flat(), context.blockFrames, context.sends ?? true);
    this.#buses = buses;
    this.#undivided = shards.length === 1 ? new FontRenderer(bank, memory, buses.inside(shards[0]!), context) : null;
    this.#players =
      this.#undivided === null
        ? groupsOf(shards.length).map((group) => {
            const parts = group.map((shard) => buses.inside(shards[shard]!));
            return new ShardGroup(bank, memory, parts, context);
          })
        : [this.#undivided];
  }

  get voiceCount(): number {
    return this.#players.reduce((sum, player) => sum + player.voiceCount, 0);
  }

  get active(): boolean {
    return this.#players.some((player) => player.active);
  }

  /** Scores with a limit on voices are not divided. */
  get stolenNotes(): number {
    return this.#undivided?.stolenNotes ?? 0;
  }

  render(frames: number): void {
    this.#buses.enter(frames);
    for (let i = 0; i < this.#players.length; i++) this.#players[i]!.render(frames);
    this.#buses.leave(frames);
  }

  close(): void {
    for (const player of this.#players) player.close();
    this.#buses.close();
  }
}

/** Adds a group's shards up in buses of its own, and those to the buses of the score. */
class ShardGroup implements Player {
  readonly #memory: KernelMemory;
  readonly #stream: ShardStream;
  readonly #address: number;
  /** Addresses of the group's signals and of those of the score. */
  readonly #sums: readonly (readonly [from: number, to: number])[];

  constructor(
    bank: BankData,
    memory: KernelMemory,
    shards: readonly (readonly PartAssignment[])[],
    context: SourceContext,
  ) {
    this.#memory = memory;
    const targets = [...new Set(shards.flat().map(({ bus }) => bus))];
    const signalBytes = context.blockFrames * 4;
    this.#address = memory.allocate(targets.length * 4 * signalBytes);
    const own = busesAt(memory, this.#address, targets.length, signalBytes, context.blockFrames);
    const inside = (parts: readonly PartAssignment[]) =>
      parts.map((part) => ({ ...part, bus: own[targets.indexOf(part.bus)]! }));
    this.#stream = new ShardStream(bank, memory, shards.map(inside), context);
    const signals: (keyof PartBus)[] =
      (context.sends ?? true) ? ['left', 'right', 'reverb', 'chorus'] : ['left', 'right'];
    this.#sums = targets.flatMap((target, bus) =>
      signals.map((signal) => [own[bus]![signal].byteOffset, target[signal].byteOffset] as const),
    );
  }

  get voiceCount(): number {
    return this.#stream.voiceCount;
  }

  get active(): boolean {
    return this.#stream.active;
  }

  render(frames: number): void {
    this.#stream.render(frames);
    for (let i = 0; i < this.#sums.length; i++) {
      const [from, to] = this.#sums[i]!;
      this.#memory.kernel.add(to, from, frames);
    }
  }

  close(): void {
    this.#stream.close();
    this.#memory.free(this.#address);
  }
}
