import type { KernelMemory } from '../kernel-memory.js';
import type { SampleData } from './bank-data.js';

/** Silence around every sample, in frames: the widest interpolation, whole vectors, and a margin. */
export const SAMPLE_MARGIN = 32;

/** What a sample header says besides where its frames are; loop points are frames of the sample. */
export type SampleSettings = Pick<
  SampleData,
  'name' | 'sampleRate' | 'rootKey' | 'correction' | 'loopStart' | 'loopEnd'
>;

/** A sample whose frames stand in kernel memory. */
export function storedSample(
  settings: SampleSettings,
  address: number,
  frames: number,
  memory: KernelMemory,
): SampleData {
  return {
    name: settings.name,
    address,
    frames,
    // "The nearest practical value should be used" (SF2.04 7.10); 0 is no rate at all.
    sampleRate: Math.min(192_000, Math.max(400, settings.sampleRate || 44_100)),
    rootKey: settings.rootKey,
    correction: settings.correction,
    loopStart: settings.loopStart,
    loopEnd: settings.loopEnd,
    peak: memory.kernel.peak(address, frames) / 32768,
  };
}

/** Samples side by side in a block of kernel memory of their own, with silence between them. */
export class SampleStore {
  readonly block: number;
  readonly #memory: KernelMemory;
  readonly #frames: Int16Array;
  #at = SAMPLE_MARGIN;

  /** @param lengths frames of each sample that is going to be added */
  constructor(lengths: readonly number[], memory: KernelMemory) {
    const total = lengths.reduce((sum, frames) => sum + frames + SAMPLE_MARGIN, SAMPLE_MARGIN);
    this.#memory = memory;
    this.block = memory.allocate(total * 2);
    this.#frames = memory.int16(this.block, total);
    this.#frames.fill(0, 0, SAMPLE_MARGIN);
  }

  add(recording: Int16Array, settings: SampleSettings): SampleData {
    const frames = recording.length;
    this.#frames.set(recording, this.#at);
    const address = this.block + this.#at * 2;
    this.#at += frames + SAMPLE_MARGIN;
    this.#frames.fill(0, this.#at - SAMPLE_MARGIN, this.#at);
    return storedSample(settings, address, frames, this.#memory);
  }
}
