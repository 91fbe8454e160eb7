import type { KernelMemory } from '../kernel-memory.js';
import type { LoopData, RegionData, SampleData } from './bank-data.js';
import { GENERATOR_COUNT, Gen } from './generators.js';

/** Frames before the end of a loop from which its unrolled copy is used, and after it up to which it goes on: half the widest interpolation and a margin. */
const BEFORE_END = 8;
const AFTER_END = 8;
/** Frames that the copy keeps on either side for the interpolation to reach into. */
const REACH = 8;
/** Shorter loops are unrolled to this many frames, so that a period is rarely cut in two. */
const LEAST_UNROLLED = 2048;

/** Frames of unrolled loops in a font that are always granted (64 MiB); fonts with more loops have shorter copies of each. */
const GRANTED_FRAMES = 2 ** 25;

interface Unplaced {
  readonly region: Omit<RegionData, 'loop'>;
  readonly loopStart: number;
  readonly loopEnd: number;
}

type Generators = readonly (readonly [generator: number, value: number])[];

/** Collects the different regions of a bank's zones and lays out their loops in kernel memory. */
export class RegionList {
  readonly #samples: readonly SampleData[];
  readonly #index = new Map<string, number>();
  readonly #unplaced: Unplaced[] = [];
  readonly #values = new Int32Array(GENERATOR_COUNT);

  constructor(samples: readonly SampleData[]) {
    this.#samples = samples;
  }

  /** Index of the region that a zone with these generators plays, or -1 when there is nothing to play. Its own generators count before those of its global zone. */
  add(sampleIndex: number, global: Generators, own: Generators): number {
    const sample = this.#samples[sampleIndex];
    if (sample === undefined || sample.frames === 0) return -1;
    const values = this.#values.fill(0);
    for (let at = 0; at < global.length; at++) values[global[at]![0]] = global[at]![1];
    for (let at = 0; at < own.length; at++) values[own[at]![0]] = own[at]![1];
    const moved = (fine: number, coarse: number) => values[fine]! + 32768 * values[coarse]!;
    const start = clamp(moved(Gen.startAddrsOffset, Gen.startAddrsCoarseOffset), 0, sample.frames);
    const end = clamp(sample.frames + moved(Gen.endAddrsOffset, Gen.endAddrsCoarseOffset), 0, sample.frames);
    let loopStart = sample.loopStart + moved(Gen.startloopAddrsOffset, Gen.startloopAddrsCoarseOffset);
    let loopEnd = sample.loopEnd + moved(Gen.endloopAddrsOffset, Gen.endloopAddrsCoarseOffset);
    loopStart = clamp(loopStart, 0, sample.frames);
    loopEnd = clamp(loopEnd, 0, sample.frames);
    const loops = (values[Gen.sampleModes]! & 1) === 1 && loopEnd > loopStart;
    if (!loops) loopStart = loopEnd = 0;
    const key = `${sampleIndex} ${start} ${end} ${loopStart} ${loopEnd}`;
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    this.#index.set(key, this.#unplaced.length);
    this.#unplaced.push({ region: { sample: sampleIndex, start, end }, loopStart, loopEnd });
    return this.#unplaced.length - 1;
  }

  /** Writes the unrolled loops to one block of kernel memory and returns the regions, in the order of their indices. */
  place(memory: KernelMemory): { regions: RegionData[]; block: number } {
    const unrolled = Math.min(LEAST_UNROLLED, Math.floor(GRANTED_FRAMES / Math.max(1, this.#unplaced.length)));
    const turnsOf = ({ loopStart, loopEnd }: Unplaced) =>
      loopEnd === loopStart ? 0 : Math.max(1, Math.ceil(unrolled / (loopEnd - loopStart)));
    const frames = this.#unplaced.reduce((sum, unplaced) => sum + tailFrames(unplaced, turnsOf(unplaced)), 0);
    const block = memory.allocate(frames * 2);
    // All of the memory up to the end of the block, so that loops are copied without a view for each.
    const heap = memory.int16(0, memory.memory.buffer.byteLength / 2);
    let at = block / 2;
    const regions = this.#unplaced.map((unplaced): RegionData => {
      const { region, loopStart, loopEnd } = unplaced;
      const turns = turnsOf(unplaced);
      if (turns === 0) return { ...region, loop: null };
      const length = loopEnd - loopStart;
      const first = loopEnd - BEFORE_END - REACH;
      const count = tailFrames(unplaced, turns);
      unroll(heap, at, count, this.#samples[region.sample]!.address / 2, first, unplaced);
      const loop: LoopData = {
        tail: (at - first) * 2,
        tailFrom: loopEnd - BEFORE_END,
        wrapAt: loopEnd + AFTER_END + (turns - 1) * length,
        wrapLength: turns * length,
      };
      at += count;
      return { ...region, loop };
    });
    return { regions, block };
  }
}

/**
 * Fills `count` frames of the heap at `to` with those of a recording at `from`: its frames from `first` on, which may lie before it, and then turns of its
 * loop.
 */
function unroll(heap: Int16Array, to: number, count: number, from: number, first: number, loop: Unplaced): void {
  const before = Math.max(0, -first);
  heap.fill(0, to, to + before);
  heap.copyWithin(to + before, from + first + before, from + loop.loopEnd);
  const turn = to + loop.loopEnd - first;
  const end = to + count;
  let written = turn + Math.min(end - turn, loop.loopEnd - loop.loopStart);
  heap.copyWithin(turn, from + loop.loopStart, from + loop.loopStart + written - turn);
  // Whole turns are copied from each other, twice as many each time.
  while (written < end) {
    const more = Math.min(end - written, written - turn);
    heap.copyWithin(written, turn, turn + more);
    written += more;
  }
}

function tailFrames({ loopStart, loopEnd }: Unplaced, turns: number): number {
  return turns === 0 ? 0 : REACH + BEFORE_END + AFTER_END + (turns - 1) * (loopEnd - loopStart) + REACH;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
