import type { KernelMemory } from '../kernel-memory.js';
import type { LoopData, RegionData, SampleData } from './bank-data.js';
import { Gen } from './generators.js';

/** Frames before the end of a loop from which its unrolled copy is used, and after it up to which it goes on: half the widest interpolation and a margin. */
const BEFORE_END = 8;
const AFTER_END = 8;
/** Frames that the copy keeps on either side for the interpolation to reach into. */
const REACH = 8;
/** Shorter loops are unrolled to this many frames, so that a period is rarely cut in two. */
const LEAST_UNROLLED = 2048;

interface Unplaced {
  readonly region: Omit<RegionData, 'loop'>;
  readonly loopStart: number;
  readonly loopEnd: number;
  readonly turns: number;
}

/** Collects the different regions of a bank's zones and lays out their loops in kernel memory. */
export class RegionList {
  readonly #samples: readonly SampleData[];
  readonly #index = new Map<string, number>();
  readonly #unplaced: Unplaced[] = [];

  constructor(samples: readonly SampleData[]) {
    this.#samples = samples;
  }

  /** Index of the region that a zone with these generators plays, or -1 when there is nothing to play. Later generators win. */
  add(sampleIndex: number, generators: Iterable<{ readonly type: number; readonly value: number }>): number {
    const sample = this.#samples[sampleIndex];
    if (sample === undefined || sample.frames === 0) return -1;
    const set = new Map<number, number>();
    for (const { type, value } of generators) set.set(type, value);
    const moved = (fine: number, coarse: number) => (set.get(fine) ?? 0) + 32768 * (set.get(coarse) ?? 0);
    const start = clamp(moved(Gen.startAddrsOffset, Gen.startAddrsCoarseOffset), 0, sample.frames);
    const end = clamp(sample.frames + moved(Gen.endAddrsOffset, Gen.endAddrsCoarseOffset), 0, sample.frames);
    let loopStart = sample.loopStart + moved(Gen.startloopAddrsOffset, Gen.startloopAddrsCoarseOffset);
    let loopEnd = sample.loopEnd + moved(Gen.endloopAddrsOffset, Gen.endloopAddrsCoarseOffset);
    loopStart = clamp(loopStart, 0, sample.frames);
    loopEnd = clamp(loopEnd, 0, sample.frames);
    const loops = ((set.get(Gen.sampleModes) ?? 0) & 1) === 1 && loopEnd > loopStart;
    if (!loops) loopStart = loopEnd = 0;
    const key = `${sampleIndex} ${start} ${end} ${loopStart} ${loopEnd}`;
    const known = this.#index.get(key);
    if (known !== undefined) return known;
    const turns = loops ? Math.max(1, Math.ceil(LEAST_UNROLLED / (loopEnd - loopStart))) : 0;
    this.#index.set(key, this.#unplaced.length);
    this.#unplaced.push({ region: { sample: sampleIndex, start, end }, loopStart, loopEnd, turns });
    return this.#unplaced.length - 1;
  }

  /** Writes the unrolled loops to one block of kernel memory and returns the regions, in the order of their indices. */
  place(memory: KernelMemory): { regions: RegionData[]; block: number } {
    const frames = this.#unplaced.reduce((sum, unplaced) => sum + tailFrames(unplaced), 0);
    const block = memory.allocate(frames * 2);
    const tails = memory.int16(block, frames);
    let at = 0;
    const regions = this.#unplaced.map((unplaced): RegionData => {
      const { region, loopStart, loopEnd, turns } = unplaced;
      if (turns === 0) return { ...region, loop: null };
      const sample = this.#samples[region.sample]!;
      const recording = memory.int16(sample.address, sample.frames);
      const first = loopEnd - BEFORE_END - REACH;
      const count = tailFrames(unplaced);
      const length = loopEnd - loopStart;
      for (let i = 0; i < count; i++) {
        const frame = first + i;
        tails[at + i] =
          frame < loopEnd ? (recording[frame] ?? 0) : recording[loopStart + ((frame - loopStart) % length)]!;
      }
      const loop: LoopData = {
        tail: block + (at - first) * 2,
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

function tailFrames({ loopStart, loopEnd, turns }: Unplaced): number {
  return turns === 0 ? 0 : REACH + BEFORE_END + AFTER_END + (turns - 1) * (loopEnd - loopStart) + REACH;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
