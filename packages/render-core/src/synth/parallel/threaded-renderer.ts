import { receiveMessageOnPort } from 'node:worker_threads';
import type { PartBus, SourceContext, SourceRenderer } from '../../instruments/sound-source.js';
import type { BankData } from '../bank/bank-data.js';
import { KernelBuses } from '../kernel-buses.js';
import type { KernelMemory } from '../kernel-memory.js';
import { dealShards, groupsOf, type Shard } from './plan-shards.js';
import type { ShardReply } from './shard-messages.js';
import { BLOCK_FRAMES, BUS_BYTES, ShardRing, SIGNAL_BYTES, SLOT_BLOCKS } from './shard-ring.js';
import { type ShardWorker, startShards } from './shard-threads.js';

const STEREO = ['left', 'right'] as const;
const STEREO_AND_SENDS = ['left', 'right', 'reverb', 'chorus'] as const;
/** A helper that has not finished a block after this many milliseconds is lost. */
const PATIENCE = 60_000;

/** Where a stream's blocks come from, and where they go. */
interface Source {
  readonly ring: ShardRing;
  /** Its place in the ring. */
  readonly place: number;
  readonly goals: readonly Goal[];
}

/** Where one bus of a stream is added to: the same bus of its group's first stream, or a bus of the score in kernel memory. */
type Goal = { readonly ring: ShardRing; readonly place: number; readonly bus: number } | PartBus;

/**
 * Shards rendered ahead by helper threads into rings; this thread adds up what they have not added up themselves, group by group, so that the sums do not depend
 * on the number of threads. Blocks the thread that calls it.
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
    const hands = dealShards(shards, threads);
    const busesOf = (stream: readonly number[]) => [
      ...new Set(stream.flatMap((shard) => shards[shard]!.parts.map(({ bus }) => bus))),
    ];
    this.#rings = hands.map((streams) => {
      const busCounts = streams.map((stream) => busesOf(stream).length);
      return ShardRing.allocate(memory, busCounts, hands.length);
    });
    this.#sources = groupsOf(shards.length).flatMap((group) => {
      const first = new Map<PartBus, Goal>();
      const sources = hands
        .flatMap((streams, helper) => streams.map((stream, place) => ({ stream, ring: this.#rings[helper]!, place })))
        .filter(({ stream }) => group.includes(stream[0]!))
        .sort((a, b) => a.stream[0]! - b.stream[0]!)
        .map(({ stream, ring, place }): Source => {
          const goals = busesOf(stream).map((bus, index): Goal => {
            const before = first.get(bus);
            if (before === undefined) first.set(bus, { ring, place, bus: index });
            return before ?? standIns.inside([{ ...parts[0]!, bus }])[0]!.bus;
          });
          return { ring, place, goals };
        });
      // The first stream's buses go to the score once the others have been added to them.
      return sources.reverse();
    });
    const { sampleRate, quality, tuningHz, seed, sends = true } = context;
    this.#workers = hands.map((streams, helper) => {
      const work = streams.map((stream) => {
        const buses = busesOf(stream);
        return stream.map((shard) =>
          shards[shard]!.parts.map(({ part, preset, bus }) => ({ part, preset, bus: buses.indexOf(bus) })),
        );
      });
      const ring = this.#rings[helper]!.shape;
      return startShards(bank, { ring, streams: work, sampleRate, quality, tuningHz, seed, sends });
    });
  }

  render(frames: number): void {
    this.#standIns.enter(frames);
    for (let done = 0; done < frames; ) {
      const count = Math.min(frames - done, BLOCK_FRAMES - this.#taken);
      if (this.#taken === 0 && this.#block % SLOT_BLOCKS === 0) for (const ring of this.#rings) this.#await(ring);
      for (let i = 0; i < this.#sources.length; i++) this.#addUp(this.#sources[i]!, done, count);
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

  #addUp({ ring, place, goals }: Source, to: number, count: number): void {
    const start = ring.address(this.#block, place) + this.#taken * 4;
    for (let bus = 0; bus < goals.length; bus++) {
      const goal = goals[bus]!;
      for (let signal = 0; signal < this.#signals.length; signal++) {
        const target =
          'ring' in goal
            ? goal.ring.address(this.#block, goal.place) +
              this.#taken * 4 +
              goal.bus * BUS_BYTES +
              signal * SIGNAL_BYTES
            : goal[this.#signals[signal]!].byteOffset + to * 4;
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
