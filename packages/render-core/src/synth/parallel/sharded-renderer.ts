import { receiveMessageOnPort } from 'node:worker_threads';
import type { PartAssignment, PartBus, SourceContext, SourceRenderer } from '../../instruments/sound-source.js';
import type { BankData } from '../bank/bank-data.js';
import { FontRenderer } from '../font-renderer.js';
import { KernelBuses } from '../kernel-buses.js';
import type { KernelMemory } from '../kernel-memory.js';
import type { ShardReply } from './shard-messages.js';
import { ShardRing, SLOT_FRAMES } from './shard-ring.js';
import { type ShardWorker, startShards } from './shard-threads.js';

const BUSES = ['left', 'right', 'reverb', 'chorus'] as const;
/** A helper that has not finished a block after this many milliseconds is lost. */
const PATIENCE = 60_000;

/** One shard after the other in this thread: what {@link ThreadedRenderer} does without helpers, with the same bytes. */
export class SequentialRenderer implements SourceRenderer {
  readonly #renderers: readonly FontRenderer[];
  readonly #buses: KernelBuses;
  readonly #sends: boolean;

  constructor(bank: BankData, memory: KernelMemory, shards: readonly PartAssignment[][], context: SourceContext) {
    const buses = new KernelBuses(memory, shards.flat(), context.blockFrames);
    this.#buses = buses;
    this.#sends = context.sends ?? true;
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
    this.#buses.clear(frames);
    for (let i = 0; i < this.#renderers.length; i++) this.#renderers[i]!.render(frames);
    this.#buses.addUp(frames, this.#sends);
  }

  close(): void {
    for (const renderer of this.#renderers) renderer.close();
    this.#buses.close();
  }
}

/**
 * Shards rendered ahead by helper threads into rings; this thread adds them up in the order of the shards, so that the sums
 * do not depend on the number of threads. Blocks the thread that calls it: never the main one.
 */
export class ThreadedRenderer implements SourceRenderer {
  readonly stolenNotes = 0;
  voiceCount = 0;
  active = true;
  readonly #memory: KernelMemory;
  readonly #rings: readonly ShardRing[];
  readonly #workers: readonly ShardWorker[];
  readonly #buses: readonly PartBus[];
  readonly #standIns: KernelBuses;
  readonly #sends: boolean;
  readonly #warn: SourceContext['warn'];
  #block = 0;
  /** Frames of the current block that have been taken. */
  #taken = 0;
  #closed = false;

  constructor(
    bank: BankData,
    memory: KernelMemory,
    shards: readonly PartAssignment[][],
    context: SourceContext,
    threads: number,
  ) {
    this.#memory = memory;
    this.#warn = context.warn;
    const buses = [...new Set(shards.flat().map(({ bus }) => bus))];
    const busCount = buses.length;
    // As in the other renderer, so that what a bus holds already is added to the sum of the shards.
    this.#standIns = new KernelBuses(memory, shards.flat(), context.blockFrames);
    this.#buses = this.#standIns.inside(buses.map((bus) => ({ ...shards.flat()[0]!, bus }))).map(({ bus }) => bus);
    this.#sends = context.sends ?? true;
    this.#rings = shards.map(() => ShardRing.allocate(memory, busCount));
    const plans = shards.map((parts, index) => ({
      ring: this.#rings[index]!.address,
      parts: parts.map(({ part, preset, bus }) => ({ part, preset, bus: buses.indexOf(bus) })),
    }));
    const { sampleRate, quality, tuningHz, seed } = context;
    const settings = { bank, busCount, sampleRate, quality, tuningHz, seed, sends: context.sends ?? true };
    this.#workers = Array.from({ length: Math.min(threads, shards.length) }, (_, thread) =>
      startShards({ ...settings, shards: plans.filter((_, shard) => shard % threads === thread) }),
    );
  }

  render(frames: number): void {
    this.#standIns.clear(frames);
    for (let done = 0; done < frames; ) {
      const count = Math.min(frames - done, SLOT_FRAMES - this.#taken);
      for (let shard = 0; shard < this.#rings.length; shard++) {
        this.#await(this.#rings[shard]!);
        this.#addUp(this.#rings[shard]!.slot(this.#block), this.#taken, done, count);
      }
      this.#taken += count;
      done += count;
      if (this.#taken === SLOT_FRAMES) this.#nextBlock();
    }
    this.#standIns.addUp(frames, this.#sends);
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
    for (const ring of this.#rings) this.#memory.free(ring.address);
    this.#standIns.close();
  }

  #await(ring: ShardRing): void {
    for (let waited = 0; !ring.waitToRead(this.#block, 200); waited += 200) {
      this.#hear();
      if (waited > PATIENCE) throw new Error('a synthesis thread does not answer');
    }
  }

  #addUp(slot: readonly PartBus[], from: number, to: number, count: number): void {
    for (let i = 0; i < slot.length; i++) {
      for (const name of BUSES) {
        const source = slot[i]![name].byteOffset + from * 4;
        this.#memory.kernel.add(this.#buses[i]![name].byteOffset + to * 4, source, count);
      }
    }
  }

  #nextBlock(): void {
    this.voiceCount = 0;
    this.active = false;
    for (const ring of this.#rings) {
      this.voiceCount += ring.voices(this.#block);
      this.active ||= ring.active(this.#block);
      ring.release(this.#block);
    }
    this.#block++;
    this.#taken = 0;
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
