import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { COEFFICIENT_BYTES, fillCoefficients } from './interpolation-tables.js';
import { LINEAR_TABLE } from './voice-layout.js';
import { type WasmMemory, WebAssembly } from './webassembly.js';

/**
 * The memory of the synthesis kernels of this process: samples, voices, buses. It is shared: every thread has a kernel
 * instance of its own over the same memory, so a sample is held once whatever the number of threads.
 */
export interface Kernel {
  configure(work: number, sampleRate: number, interpolation: number): void;
  renderVoices(list: number, count: number, periods: number): number;
  readonly soundingPeriods: { readonly value: number };
  distribute(table: number, parts: number, buses: number, from: number, offset: number, count: number): void;
  hush(table: number, parts: number, buses: number, offset: number, count: number): void;
  clear(signals: number, bytes: number): void;
  add(out: number, from: number, count: number): void;
  peak(from: number, count: number): number;
  reverb(state: number, input: number, left: number, right: number, frames: number): void;
  chorus(state: number, input: number, left: number, right: number, frames: number): void;
  echo(signal: number, past: number, gain: number, feedback: number, frames: number): void;
  section(
    state: number,
    left: number,
    right: number,
    frames: number,
    b0: number,
    b1: number,
    b2: number,
    a1: number,
    a2: number,
  ): void;
  sweep(
    state: number,
    lineLeft: number,
    lineRight: number,
    mask: number,
    left: number,
    right: number,
    frames: number,
    centre: number,
    depth: number,
    stepSin: number,
    stepCos: number,
    mix: number,
  ): void;
  compress(
    state: number,
    left: number,
    right: number,
    frames: number,
    thresholdDb: number,
    slope: number,
    kneeDb: number,
    attack: number,
    release: number,
    makeup: number,
  ): void;
  /** See quantizer.ts: returns the number of clipped samples. */
  quantize(
    samples: number,
    out: number,
    count: number,
    scale: number,
    dithers: number,
    key: number,
    salt: number,
    frame: number,
  ): number;
  pack(left: number, right: number, out: number, count: number, bytes: number): void;
  startBits(out: number): void;
  putBits(value: number, count: number): void;
  putNumbers(numbers: number, count: number, size: number): void;
  putRice(residual: number, count: number, parameter: number): void;
  finishBits(): number;
  crc16(tables: number, from: number, end: number): number;
  middleAndSide(left: number, right: number, middle: number, side: number, count: number): void;
  isConstant(samples: number, count: number): number;
  sumDifferences(samples: number, count: number, sums: number): void;
  fixedResidual(samples: number, out: number, count: number, order: number): void;
  widen(samples: number, out: number, count: number): void;
  applyWindow(wide: number, window: number, out: number, count: number): void;
  autocorrelate(signal: number, count: number, out: number): void;
  linearResidual(wide: number, out: number, count: number, order: number, coefficients: number, shift: number): number;
  riceSums(residual: number, from: number, count: number, partitions: number, sums: number): void;
  limit(state: number, left: number, right: number, frames: number): void;
  setScaled(out: number, from: number, gain: number, count: number): void;
  silence(samples: number, count: number): void;
  extremes(samples: number, count: number, out: number): void;
  middle(left: number, right: number, out: number, count: number): void;
  magnitude(samples: number, count: number): number;
  addScaled(out: number, from: number, gain: number, count: number): void;
  weigh(state: number, left: number, right: number, count: number): void;
  samplePeak(samples: number, count: number): number;
  truePeak(samples: number, count: number, known: number): number;
}

const PAGE = 65536;
const HIGHEST_PAGE_COUNT = 65536;
/** The allocator's own words: lock, whether the tables are there, number of blocks, the memory's name; then the blocks and who has taken them. */
const HEAP_HEADER = PAGE;
const LOCK = 0;
const TABLES = 1;
const BLOCK_COUNT = 2;
const NAME = 3;
const FIRST_BLOCK = 4;
const MOST_BLOCKS = 16000;
const FIRST_OWNER = FIRST_BLOCK + MOST_BLOCKS;
const NOBODY = -1;
/** Behind the interpolation tables. */
const HEAP_START = 4 * PAGE;
/** A kernel may read this far past the end of what it is given (whole vectors, whole frames), so the last bytes are kept free. */
const GUARD_BYTES = PAGE;

const kernelModule = new WebAssembly.Module(readFileSync(new URL('./kernel.wasm', import.meta.url)));

/**
 * Hands out parts of one shared WebAssembly memory. Safe to use from several threads at once: each opens its own
 * KernelMemory over the same {@link KernelMemory.memory}. Addresses are bytes, aligned to 64.
 */
export class KernelMemory {
  readonly kernel: Kernel;
  #words: Int32Array;
  /** Every buffer object that this memory has shown itself as; it has a new one each time it has grown. */
  readonly #buffers = new WeakSet<ArrayBufferLike>();

  constructor(
    readonly memory: WasmMemory = new WebAssembly.Memory({
      initial: 5,
      maximum: HIGHEST_PAGE_COUNT,
      shared: true,
    }),
    /** Number of the thread that takes memory through this object; a helper thread gives that of the thread it helps. */
    readonly owner: number = threadId,
  ) {
    this.#words = new Int32Array(memory.buffer, HEAP_HEADER, (2 * PAGE) >> 2);
    this.kernel = new WebAssembly.Instance<Kernel>(kernelModule, { env: { memory } }).exports;
    this.#locked(() => {
      if (this.#words[TABLES] === 1) return;
      fillCoefficients(this.int16(LINEAR_TABLE, COEFFICIENT_BYTES / 2));
      this.#words[NAME] = randomInt(1, 2 ** 31);
      this.#words[TABLES] = 1;
    });
  }

  /** Takes memory; its contents are undefined. Throws RangeError when 4 GiB are used up. */
  allocate(bytes: number): number {
    return this.#locked(() => this.#take(bytes));
  }

  /** Gives back what {@link allocate} took. */
  free(address: number): void {
    this.#locked(() => this.#release(address));
  }

  /**
   * Gives back all that a thread had taken which was ended in the middle of its work. To be called once the thread is gone.
   */
  reclaim(owner: number): void {
    // It may have been ended inside the allocator, whose list is whole at any moment.
    Atomics.compareExchange(this.#words, LOCK, owner + 1, 0);
    this.#locked(() => {
      for (let block = this.#words[BLOCK_COUNT]! - 1; block >= 0; block--) {
        if (this.#words[FIRST_OWNER + block] === owner) this.#releaseBlock(block);
      }
    });
  }

  /** Whether a memory that came from another thread is this one: the objects differ, the memory may not. */
  is(memory: WasmMemory): boolean {
    return new Int32Array(memory.buffer, HEAP_HEADER, FIRST_BLOCK)[NAME] === this.#words[NAME];
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#buffer(), address, length);
  }

  int16(address: number, length: number): Int16Array {
    return new Int16Array(this.#buffer(), address, length);
  }

  int32(address: number, length: number): Int32Array {
    return new Int32Array(this.#buffer(), address, length);
  }

  float32(address: number, length: number): Float32Array {
    return new Float32Array(this.#buffer(), address, length);
  }

  float64(address: number, length: number): Float64Array {
    return new Float64Array(this.#buffer(), address, length);
  }

  /** Address of an array in this memory, or null when it stands elsewhere. */
  addressOf(array: Float32Array): number | null {
    if (this.#buffers.has(array.buffer)) return array.byteOffset;
    return array.buffer === this.#buffer() ? array.byteOffset : null;
  }

  #buffer(): ArrayBufferLike {
    const buffer = this.memory.buffer;
    this.#buffers.add(buffer);
    return buffer;
  }

  #locked<T>(work: () => T): T {
    for (;;) {
      const holder = Atomics.compareExchange(this.#words, LOCK, 0, this.owner + 1);
      if (holder === 0) break;
      Atomics.wait(this.#words, LOCK, holder, 1);
    }
    try {
      return work();
    } finally {
      Atomics.store(this.#words, LOCK, 0);
      Atomics.notify(this.#words, LOCK);
    }
  }

  /** Blocks lie side by side from HEAP_START on; each is a word of its length in units of 64 bytes, negative while in use. */
  #take(bytes: number): number {
    const words = this.#words;
    const wanted = Math.max(1, Math.ceil(bytes / 64));
    let address = HEAP_START;
    const count = words[BLOCK_COUNT]!;
    for (let block = 0; block < count; block++) {
      const length = words[FIRST_BLOCK + block]!;
      if (length >= wanted) {
        this.#replace(block, 1, -wanted, this.owner, length - wanted);
        return address;
      }
      address += Math.abs(length) * 64;
    }
    // A free block at the end is stretched rather than left behind.
    const stretched = count > 0 && words[FIRST_BLOCK + count - 1]! > 0 ? 1 : 0;
    if (stretched === 1) address -= words[FIRST_BLOCK + count - 1]! * 64;
    const end = address + wanted * 64 + GUARD_BYTES;
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.memory.grow(missing);
    this.#replace(count - stretched, stretched, -wanted, this.owner, 0);
    return address;
  }

  #release(address: number): void {
    const words = this.#words;
    let at = HEAP_START;
    const count = words[BLOCK_COUNT]!;
    let block = 0;
    while (block < count && at < address) at += Math.abs(words[FIRST_BLOCK + block++]!) * 64;
    if (block >= count || at !== address || words[FIRST_BLOCK + block]! > 0) throw new RangeError('not a block in use');
    this.#releaseBlock(block);
  }

  /** Makes a block in use one with the free ones beside it. */
  #releaseBlock(block: number): void {
    const words = this.#words;
    const before = block > 0 ? Math.max(0, words[FIRST_BLOCK + block - 1]!) : 0;
    const after = block + 1 < words[BLOCK_COUNT]! ? Math.max(0, words[FIRST_BLOCK + block + 1]!) : 0;
    const first = before > 0 ? block - 1 : block;
    const removed = 1 + (before > 0 ? 1 : 0) + (after > 0 ? 1 : 0);
    this.#replace(first, removed, before - words[FIRST_BLOCK + block]! + after, NOBODY, 0);
  }

  /**
   * Puts a block in the place of `removed` ones, with a free one of length `rest` behind it unless that is 0. The only place that changes the
   * list: no loop and no call of a function in it, so a thread is ended before or after it, never in between.
   */
  #replace(block: number, removed: number, length: number, owner: number, rest: number): void {
    const words = this.#words;
    const added = rest === 0 ? 1 : 2;
    const count = words[BLOCK_COUNT]!;
    if (count + added - removed > MOST_BLOCKS) throw new RangeError('too many blocks of kernel memory');
    words.copyWithin(FIRST_BLOCK + block + added, FIRST_BLOCK + block + removed, FIRST_BLOCK + count);
    words.copyWithin(FIRST_OWNER + block + added, FIRST_OWNER + block + removed, FIRST_OWNER + count);
    words[FIRST_BLOCK + block] = length;
    words[FIRST_OWNER + block] = owner;
    if (rest !== 0) {
      words[FIRST_BLOCK + block + 1] = rest;
      words[FIRST_OWNER + block + 1] = NOBODY;
    }
    words[BLOCK_COUNT] = count + added - removed;
  }
}

let ofThisThread: KernelMemory | null = null;

/** The kernel memory of this process, as this thread sees it. */
export function kernelMemory(): KernelMemory {
  ofThisThread ??= new KernelMemory();
  return ofThisThread;
}

/** Makes this thread work in the memory of another one; to be called before anything else uses the kernel here. */
export function joinKernelMemory(memory: WasmMemory, owner: number = threadId): void {
  if (ofThisThread?.is(memory) !== true) ofThisThread = new KernelMemory(memory, owner);
}
