import { readFileSync } from 'node:fs';
import { COEFFICIENT_BYTES, fillCoefficients } from './interpolation-tables.js';
import { LINEAR_TABLE } from './voice-layout.js';
import { type WasmMemory, WebAssembly } from './webassembly.js';

/**
 * The memory of the synthesis kernels of this process: samples, voices, buses. It is shared: every thread has a kernel
 * instance of its own over the same memory, so a sample is held once whatever the number of threads.
 */
export interface Kernel {
  configure(work: number, sampleRate: number, interpolation: number): void;
  renderVoices(list: number, count: number): number;
  distribute(table: number, parts: number, from: number, offset: number, count: number): void;
  clear(accumulators: number, parts: number): void;
  add(out: number, from: number, count: number): void;
  peak(from: number, count: number): number;
  reverb(state: number, input: number, left: number, right: number, frames: number, chunk: number): void;
  chorus(state: number, input: number, left: number, right: number, frames: number): void;
}

const PAGE = 65536;
const HIGHEST_PAGE_COUNT = 65536;
/** The allocator's own words: lock, whether the tables are there, number of blocks; then the blocks. */
const HEAP_HEADER = PAGE;
const LOCK = 0;
const TABLES = 1;
const BLOCK_COUNT = 2;
const FIRST_BLOCK = 4;
const MOST_BLOCKS = 16000;
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
  ) {
    this.#words = new Int32Array(memory.buffer, HEAP_HEADER, (2 * PAGE) >> 2);
    const instance = new WebAssembly.Instance(kernelModule, { env: { memory } });
    this.kernel = instance.exports as unknown as Kernel;
    this.#locked(() => {
      if (this.#words[TABLES] === 1) return;
      fillCoefficients(this.int16(LINEAR_TABLE, COEFFICIENT_BYTES / 2));
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

  int16(address: number, length: number): Int16Array {
    return new Int16Array(this.#buffer(), address, length);
  }

  int32(address: number, length: number): Int32Array {
    return new Int32Array(this.#buffer(), address, length);
  }

  float32(address: number, length: number): Float32Array {
    return new Float32Array(this.#buffer(), address, length);
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
    while (Atomics.compareExchange(this.#words, LOCK, 0, 1) !== 0) Atomics.wait(this.#words, LOCK, 1, 1);
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
        words[FIRST_BLOCK + block] = -wanted;
        if (length > wanted) this.#insert(block + 1, length - wanted);
        return address;
      }
      address += Math.abs(length) * 64;
    }
    // A free block at the end is stretched rather than left behind.
    const last = count > 0 ? words[FIRST_BLOCK + count - 1]! : 0;
    if (last > 0) address -= last * 64;
    const end = address + wanted * 64 + GUARD_BYTES;
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE);
    if (missing > 0) this.memory.grow(missing);
    if (last > 0) words[FIRST_BLOCK + count - 1] = -wanted;
    else this.#insert(count, -wanted);
    return address;
  }

  #release(address: number): void {
    const words = this.#words;
    let at = HEAP_START;
    const count = words[BLOCK_COUNT]!;
    let block = 0;
    while (block < count && at < address) at += Math.abs(words[FIRST_BLOCK + block++]!) * 64;
    if (block >= count || at !== address || words[FIRST_BLOCK + block]! > 0) throw new RangeError('not a block in use');
    words[FIRST_BLOCK + block] = -words[FIRST_BLOCK + block]!;
    if (block + 1 < count && words[FIRST_BLOCK + block + 1]! > 0) this.#join(block);
    if (block > 0 && words[FIRST_BLOCK + block - 1]! > 0) this.#join(block - 1);
  }

  #insert(block: number, length: number): void {
    const words = this.#words;
    const count = words[BLOCK_COUNT]!;
    if (count === MOST_BLOCKS) throw new RangeError('too many blocks of kernel memory');
    words.copyWithin(FIRST_BLOCK + block + 1, FIRST_BLOCK + block, FIRST_BLOCK + count);
    words[FIRST_BLOCK + block] = length;
    words[BLOCK_COUNT] = count + 1;
  }

  #join(block: number): void {
    const words = this.#words;
    const count = words[BLOCK_COUNT]!;
    words[FIRST_BLOCK + block] = words[FIRST_BLOCK + block]! + words[FIRST_BLOCK + block + 1]!;
    words.copyWithin(FIRST_BLOCK + block + 1, FIRST_BLOCK + block + 2, FIRST_BLOCK + count);
    words[BLOCK_COUNT] = count - 1;
  }
}

let ofThisThread: KernelMemory | null = null;

/** The kernel memory of this process, as this thread sees it. */
export function kernelMemory(): KernelMemory {
  ofThisThread ??= new KernelMemory();
  return ofThisThread;
}

/** Makes this thread work in the memory of another one; to be called before anything else uses the kernel here. */
export function joinKernelMemory(memory: WasmMemory): void {
  ofThisThread = new KernelMemory(memory);
}
