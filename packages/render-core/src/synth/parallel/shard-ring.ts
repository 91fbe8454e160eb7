import type { KernelMemory } from '../kernel-memory.js';

/** Frames of a block, after each of which voices are counted. */
export const BLOCK_FRAMES = 1024;
/** Blocks of a slot: what a helper renders of one stream before it turns to the next, with the stream's voices and samples in its caches. */
export const SLOT_BLOCKS = 4;
/** Bytes from one signal of a bus to the next: left, right, reverb, chorus. */
export const SIGNAL_BYTES = SLOT_BLOCKS * BLOCK_FRAMES * 4;
/** Bytes from one bus of a stream to the next. */
export const BUS_BYTES = 4 * SIGNAL_BYTES;
/** How far a helper may run ahead, so that a stretch in which its streams are dense is made up for by one in which they are not. */
const MOST_SLOTS = 32;
const LEAST_SLOTS = 4;
const MOST_BYTES = 24 * 2 ** 20;

const WRITTEN = 0;
const READ = 1;
/** 0 while the ring is in use, 1 once its reader has gone. */
const CLOSED = 2;
/** How many slots must have been written before the reader, who sleeps, is woken; 0 while it is awake: waking somebody costs a system call. */
const READER_WANTS = 3;
/** 1 while the writer sleeps. */
const WRITER_SLEEPS = 4;
const HEADER_WORDS = 16;
/** Voices, and whether anything is still to come. */
const BLOCK_WORDS = 2;

/** What is needed to use a ring that stands in kernel memory; plain data. */
export interface RingShape {
  readonly address: number;
  readonly slots: number;
  /** Number of buses of each stream. */
  readonly busCounts: readonly number[];
}

/**
 * Slots of finished blocks of the streams of one helper thread, in kernel memory; written by the helper and read by the thread that it helps.
 * Who has to wait sleeps until a good part of the ring is there for him: threads that take turns at every block would spend their time on waking
 * each other.
 */
export class ShardRing {
  readonly #words: Int32Array;
  readonly #counts: Int32Array;
  readonly #firstSlot: number;
  readonly #slotBytes: number;
  /** Bytes from the start of a slot to each stream. */
  readonly #streamOffsets: readonly number[];

  constructor(
    memory: KernelMemory,
    readonly shape: RingShape,
  ) {
    const { address, slots, busCounts } = shape;
    const countWords = slots * busCounts.length * SLOT_BLOCKS * BLOCK_WORDS;
    this.#words = memory.int32(address, HEADER_WORDS);
    this.#counts = memory.int32(address + HEADER_WORDS * 4, countWords);
    this.#firstSlot = address + headerBytes(slots, busCounts.length);
    this.#slotBytes = slotBytes(busCounts);
    this.#streamOffsets = busCounts.map((_, stream) => slotBytes(busCounts.slice(0, stream)));
  }

  /** @param share how many rings there are, which share the memory that rings may take */
  static allocate(memory: KernelMemory, busCounts: readonly number[], share: number): ShardRing {
    const wanted = Math.floor(MOST_BYTES / share / slotBytes(busCounts));
    const slots = Math.max(LEAST_SLOTS, Math.min(MOST_SLOTS, wanted));
    const header = headerBytes(slots, busCounts.length);
    const address = memory.allocate(header + slots * slotBytes(busCounts));
    memory.int32(address, header / 4).fill(0);
    return new ShardRing(memory, { address, slots, busCounts });
  }

  /** Where block `index` of the first signal of a stream stands; its other signals and buses follow in steps of {@link SIGNAL_BYTES} and {@link BUS_BYTES}. */
  address(index: number, stream: number): number {
    const slot = Math.floor(index / SLOT_BLOCKS) % this.shape.slots;
    const start = this.#firstSlot + slot * this.#slotBytes + this.#streamOffsets[stream]!;
    return start + (index % SLOT_BLOCKS) * BLOCK_FRAMES * 4;
  }

  /** Waits until the slot that begins with block `index` may be written; false when nobody reads any more. */
  waitToWrite(index: number): boolean {
    const words = this.#words;
    const { slots } = this.shape;
    const slot = index / SLOT_BLOCKS;
    if (slot - Atomics.load(words, READ) < slots) return Atomics.load(words, CLOSED) === 0;
    Atomics.store(words, WRITER_SLEEPS, 1);
    for (;;) {
      if (Atomics.load(words, CLOSED) === 1) return false;
      const read = Atomics.load(words, READ);
      if (slot - read <= slots / 2) break;
      Atomics.wait(words, READ, read);
    }
    Atomics.store(words, WRITER_SLEEPS, 0);
    return true;
  }

  setCounts(index: number, stream: number, voices: number, active: boolean): void {
    const at = this.#countsAt(index, stream);
    this.#counts[at] = voices;
    this.#counts[at + 1] = active ? 1 : 0;
  }

  /** Hands the slot that begins with block `index` over. */
  publish(index: number): void {
    const written = index / SLOT_BLOCKS + 1;
    Atomics.store(this.#words, WRITTEN, written);
    const wanted = Atomics.load(this.#words, READER_WANTS);
    if (wanted !== 0 && written >= wanted) Atomics.notify(this.#words, WRITTEN);
  }

  /** Waits until the slot that begins with block `index` has been written, at most so many milliseconds; false when it has not. */
  waitToRead(index: number, milliseconds: number): boolean {
    const words = this.#words;
    const slot = index / SLOT_BLOCKS;
    if (Atomics.load(words, WRITTEN) > slot) return true;
    const enough = slot + Math.ceil(this.shape.slots / 4);
    const deadline = performance.now() + milliseconds;
    Atomics.store(words, READER_WANTS, enough);
    for (;;) {
      const written = Atomics.load(words, WRITTEN);
      const left = deadline - performance.now();
      if (written >= enough || left <= 0) break;
      Atomics.wait(words, WRITTEN, written, left);
    }
    Atomics.store(words, READER_WANTS, 0);
    return Atomics.load(words, WRITTEN) > slot;
  }

  /** Slots written so far: grows as long as the writer lives. */
  get written(): number {
    return Atomics.load(this.#words, WRITTEN);
  }

  voices(index: number, stream: number): number {
    return this.#counts[this.#countsAt(index, stream)]!;
  }

  active(index: number, stream: number): boolean {
    return this.#counts[this.#countsAt(index, stream) + 1] === 1;
  }

  /** Gives the slot that begins with block `index` back to the writer. */
  release(index: number): void {
    const words = this.#words;
    const read = index / SLOT_BLOCKS + 1;
    Atomics.store(words, READ, read);
    if (Atomics.load(words, WRITER_SLEEPS) === 0) return;
    if (Atomics.load(words, WRITTEN) - read <= this.shape.slots / 2) Atomics.notify(words, READ);
  }

  /** The writer stops at its next slot. */
  close(): void {
    Atomics.store(this.#words, CLOSED, 1);
    Atomics.store(this.#words, READ, -1);
    Atomics.notify(this.#words, READ);
  }

  #countsAt(index: number, stream: number): number {
    const { slots, busCounts } = this.shape;
    return ((index % (slots * SLOT_BLOCKS)) * busCounts.length + stream) * BLOCK_WORDS;
  }
}

function headerBytes(slots: number, streams: number): number {
  return 64 * Math.ceil((HEADER_WORDS + slots * streams * SLOT_BLOCKS * BLOCK_WORDS) / 16);
}

function slotBytes(busCounts: readonly number[]): number {
  return busCounts.reduce((sum, count) => sum + count, 0) * BUS_BYTES;
}
