import type { PartBus } from '../../instruments/sound-source.js';
import type { KernelMemory } from '../kernel-memory.js';

/** Frames in a slot, and slots in a ring: how far a thread may run ahead. */
export const SLOT_FRAMES = 1024;
export const SLOTS = 8;

const WRITTEN = 0;
const READ = 1;
/** 0 while the ring is in use, 1 once its reader has gone. */
const CLOSED = 2;
/** Behind the ring's own words each slot has: voices, whether anything is still to come, stolen notes. */
const SLOT_WORDS = 4;
const BUSES = ['left', 'right', 'reverb', 'chorus'] as const;
const HEADER_BYTES = 256;

/** Slots of finished blocks of one shard in kernel memory, written by one thread and read by another in order. */
export class ShardRing {
  readonly #words: Int32Array;
  readonly #slots: readonly (readonly PartBus[])[];

  constructor(
    readonly memory: KernelMemory,
    readonly address: number,
    readonly busCount: number,
  ) {
    this.#words = memory.int32(address, HEADER_BYTES / 4);
    this.#slots = Array.from({ length: SLOTS }, (_, slot) =>
      Array.from({ length: busCount }, (_, bus) => {
        const at = address + HEADER_BYTES + (slot * busCount + bus) * BUSES.length * SLOT_FRAMES * 4;
        const signal = (index: number) => memory.float32(at + index * SLOT_FRAMES * 4, SLOT_FRAMES);
        return { left: signal(0), right: signal(1), reverb: signal(2), chorus: signal(3) };
      }),
    );
  }

  static allocate(memory: KernelMemory, busCount: number): ShardRing {
    const address = memory.allocate(HEADER_BYTES + SLOTS * busCount * BUSES.length * SLOT_FRAMES * 4);
    memory.int32(address, HEADER_BYTES / 4).fill(0);
    return new ShardRing(memory, address, busCount);
  }

  /** The buses of the slot that block `index` goes to. */
  slot(index: number): readonly PartBus[] {
    return this.#slots[index % SLOTS]!;
  }

  /** Waits until block `index` may be written; false when nobody reads any more. */
  waitToWrite(index: number): boolean {
    const words = this.#words;
    for (;;) {
      if (Atomics.load(words, CLOSED) === 1) return false;
      const read = Atomics.load(words, READ);
      if (index - read < SLOTS) return true;
      Atomics.wait(words, READ, read);
    }
  }

  publish(index: number, voices: number, active: boolean): void {
    const words = this.#words;
    const at = SLOT_WORDS * (1 + (index % SLOTS));
    words[at] = voices;
    words[at + 1] = active ? 1 : 0;
    Atomics.store(words, WRITTEN, index + 1);
    Atomics.notify(words, WRITTEN);
  }

  /** Waits until block `index` has been written, at most so many milliseconds; false when it has not. */
  waitToRead(index: number, milliseconds: number): boolean {
    const words = this.#words;
    const written = Atomics.load(words, WRITTEN);
    if (written > index) return true;
    Atomics.wait(words, WRITTEN, written, milliseconds);
    return Atomics.load(words, WRITTEN) > index;
  }

  voices(index: number): number {
    return this.#words[SLOT_WORDS * (1 + (index % SLOTS))]!;
  }

  active(index: number): boolean {
    return this.#words[SLOT_WORDS * (1 + (index % SLOTS)) + 1] === 1;
  }

  release(index: number): void {
    Atomics.store(this.#words, READ, index + 1);
    Atomics.notify(this.#words, READ);
  }

  /** The writer stops at its next block. */
  close(): void {
    Atomics.store(this.#words, CLOSED, 1);
    Atomics.store(this.#words, READ, -1);
    Atomics.notify(this.#words, READ);
  }
}
