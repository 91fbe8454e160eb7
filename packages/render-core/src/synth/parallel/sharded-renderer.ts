import { receiveMessageOnPort } from 'node:worker_threads';
import type { PartAssignment, PartBus, SourceContext, SourceRenderer } from '../../instruments/sound-source.js';
import type { BankData } from '../bank/bank-data.js';
import { FontRenderer } from '../font-renderer.js';
import { KernelBuses } from '../kernel-buses.js';
import type { KernelMemory } from '../kernel-memory.js';
import { dealShards, type Shard } from './plan-shards.js';
import type { ShardReply } from './shard-messages.js';
import { BLOCK_FRAMES, BUS_BYTES, ShardRing, SIGNAL_BYTES, SLOT_BLOCKS } from './shard-ring.js';
import { type ShardWorker, startShards } from './shard-threads.js';

const STEREO = ['left', 'right'] as const;
const STEREO_AND_SENDS = ['left', 'right', 'reverb', 'chorus'] as const;
/** A helper that has not finished a block after this many milliseconds is lost. */
const PATIENCE = 60_000;

/** One shard after the other in this thread: what {@link ThreadedRenderer} does without helpers, with the same bytes. */
export class SequentialRenderer implements SourceRenderer {
  readonly #renderers: readonly FontRenderer[];
  readonly #buses: KernelBuses;

  constructor(
    bank: BankData,
    memory: KernelMemory,
    shards: readonly (readonly PartAssignment[])[],
    context: SourceContext,
  ) {
    const buses = new KernelBuses(memory, shards.flat(), context.blockFrames, context.sends ?? true);
    this.#buses = buses;
    this.#renderers = shards.map((parts) => new FontRenderer(bank, memory, buses.inside(parts), context));
  }

  get voiceCount(): number {
    return this.#renderers.reduce((sum, renderer) => sum + renderer.voiceCount, 0);
  }

  get active(): boolean {
    return this.#renderers.some((renderer) => renderer.active);
  }

  get stolenNotes(): number {
    return this.#renderers.reduce((sum, renderer) => sum + renderer.stolenNotes, 0);
  }

  render(frames: number): void {
    this.#buses.enter(frames);
    for (let i = 0; i < this.#renderers.length; i++) this.#renderers[i]!.render(frames);
    this.#buses.leave(frames);
  }

  close(): void {
    for (const renderer of this.#renderers) renderer.close();
    this.#buses.close();
  }
}

/** Where a shard's blocks come from, and where they go. */
interface Source {
  readonly ring: ShardRing;
  /** Its place in the ring. */
  readonly place: number;
  /** The kernel buses that its buses are added to. */
  readonly targets: readonly PartBus[];
}

/**
 * Shards rendered ahead by helper threads into rings; this thread adds them up in the order of the shards, so that the sums
 * do not depend on the number of threads. Blocks the thread that calls it.
 */
export class ThreadedRenderer implements SourceRenderer {
  readonly stolenNotes = 0;
  voiceCount = 0;
  active = true;
  readonly #memory: KernelMemory;
  readonly #rings: readonly ShardRing[];
  readonly #sources: readonly Source[];
  readonly #workers: readonly ShardWorker[];
  readonly #standIns: KernelBuses;
  readonly #signals: readonly (keyof PartBus)[];
  readonly #warn: SourceContext['warn'];
  #block = 0;
  /** Frames of the current block that have been taken. */
  #taken = 0;
  #closed = false;

  constructor(bank: BankData, memory: KernelMemory, shards: readonly Shard[], context: SourceContext, threads: number) {
    this.#memory = memory;
    this.#warn = context.warn;
    const parts = shards.flatMap((shard) => shard.parts);
    const standIns = new KernelBuses(memory, parts, context.blockFrames, context.sends ?? true);
    this.#standIns = standIns;
    this.#signals = (context.sends ?? true) ? STEREO_AND_SENDS : STEREO;
    const busesOf = shards.map((shard) => [...new Set(shard.parts.map(({ bus }) => bus))]);
    const hands = dealShards(shards, threads);
    this.#rings = hands.map((hand) => {
      const busCounts = hand.map((shard) => busesOf[shard]!.length);
      return ShardRing.allocate(memory, busCounts, hands.length);
    });
    this.#sources = shards.map(({ parts }, shard) => {
      const helper = hands.findIndex((hand) => hand.includes(shard));
      const targets = busesOf[shard]!.map((bus) => standIns.inside([{ ...parts[0]!, bus }])[0]!.bus);
      return { ring: this.#rings[helper]!, place: hands[helper]!.indexOf(shard), targets };
    });
    const { sampleRate, quality, tuningHz, seed, sends = true } = context;
    this.#workers = hands.map((hand, helper) => {
      const work = hand.map((shard) =>
        shards[shard]!.parts.map(({ part, preset, bus }) => ({ part, preset, bus: busesOf[shard]!.indexOf(bus) })),
      );
      const ring = this.#rings[helper]!.shape;
      return startShards(bank, { ring, shards: work, sampleRate, quality, tuningHz, seed, sends });
    });
  }

  render(frames: number): void {
    this.#standIns.enter(frames);
    for (let done = 0; done < frames; ) {
      const count = Math.min(frames - done, BLOCK_FRAMES - this.#taken);
      if (this.#taken === 0 && this.#block % SLOT_BLOCKS === 0) for (const ring of this.#rings) this.#await(ring);
      for (let shard = 0; shard < this.#sources.length; shard++) this.#addUp(this.#sources[shard]!, done, count);
      this.#taken += count;
      done += count;
      if (this.#taken === BLOCK_FRAMES) this.#nextBlock();
    }
    this.#standIns.leave(frames);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const ring of this.#rings) ring.close();
    for (const worker of this.#workers) {
      // Its memory goes only when it has stopped using it.
      this.#untilDone(worker);
      worker.release();
    }
    for (const ring of this.#rings) this.#memory.free(ring.shape.address);
    this.#standIns.close();
  }

  #await(ring: ShardRing): void {
    let { written } = ring;
    for (let waited = 0; !ring.waitToRead(this.#block, 200); waited += 200) {
      this.#hear();
      if (ring.written > written) {
        written = ring.written;
        waited = 0;
      }
      if (waited > PATIENCE) throw new Error('a synthesis thread does not answer');
    }
  }

  #addUp({ ring, place, targets }: Source, to: number, count: number): void {
    const start = ring.address(this.#block, place) + this.#taken * 4;
    for (let bus = 0; bus < targets.length; bus++) {
      for (let signal = 0; signal < this.#signals.length; signal++) {
        const target = targets[bus]![this.#signals[signal]!].byteOffset + to * 4;
        this.#memory.kernel.add(target, start + bus * BUS_BYTES + signal * SIGNAL_BYTES, count);
      }
    }
  }

  #nextBlock(): void {
    this.voiceCount = 0;
    this.active = false;
    for (const { ring, place } of this.#sources) {
      this.voiceCount += ring.voices(this.#block, place);
      this.active ||= ring.active(this.#block, place);
    }
    this.#taken = 0;
    this.#block++;
    if (this.#block % SLOT_BLOCKS !== 0) return;
    for (const ring of this.#rings) ring.release(this.#block - SLOT_BLOCKS);
    this.#hear();
  }

  /** Passes warnings on and throws what helpers have failed with. */
  #hear(): void {
    for (const { port } of this.#workers) {
      for (let message = receiveMessageOnPort(port); message !== undefined; message = receiveMessageOnPort(port)) {
        const reply = message.message as ShardReply;
        if (reply.type === 'warning') this.#warn(reply.warning);
        if (reply.type === 'failed') throw new Error(`a synthesis thread has failed: ${reply.message}`);
      }
    }
  }

  #untilDone(worker: ShardWorker): void {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    for (let waited = 0; waited < PATIENCE; waited++) {
      for (
        let message = receiveMessageOnPort(worker.port);
        message !== undefined;
        message = receiveMessageOnPort(worker.port)
      ) {
        const reply = message.message as ShardReply;
        if (reply.type === 'warning') this.#warn(reply.warning);
        if (reply.type === 'done') return;
      }
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}
