import { createHash } from 'node:crypto';
import type { KernelMemory } from '../kernel-memory.js';
import type { BankData, PresetData, SampleData } from './bank-data.js';
import type { FontBytes } from './font-bytes.js';
import type { Hydra, SampleHeader } from './hydra.js';
import { DEFAULT_MODULATORS } from './modulators.js';
import { playablePresets, presetNumbers } from './preset-headers.js';
import { RegionList } from './regions.js';
import { tooLarge, unreadable } from './sound-font-error.js';
import type { SoundFontFile } from './sound-font-file.js';
import { SAMPLE_MARGIN, SampleStore, storedSample } from './store-samples.js';
import { ZoneReader } from './zones.js';

const MOST_SAMPLE_BYTES = 2 ** 31;
/** Samples may share frames, but not be many times as long as all of them: frames that are looked at whatever the file's size. */
const FREE_FRAMES = 2 ** 24;

/** A bank, the blocks of kernel memory that it stands in, and the SHA-256 of its file. */
export interface LoadedBank {
  readonly bank: BankData;
  readonly blocks: readonly number[];
  readonly identity: string;
}

/**
 * Loads an uncompressed SoundFont. Its samples are read straight into kernel memory and stay where they are in the file: the frames of silence
 * that the interpolation reaches into are those that SF2.04 6.1 wants after each sample. Samples without that silence are copied.
 *
 * @throws SoundFontError
 */
export async function readSoundFont(bytes: FontBytes, file: SoundFontFile, memory: KernelMemory): Promise<LoadedBank> {
  const { hydra } = file;
  const frames = Math.floor(file.samples.size / 2);
  if (file.samples.size > MOST_SAMPLE_BYTES) tooLarge(`${frames} frames of samples`);
  checkLengths(hydra.samples, frames);
  const blocks: number[] = [];
  try {
    const margin = SAMPLE_MARGIN * 2;
    const block = memory.allocate(margin + file.samples.size + 1 + margin);
    blocks.push(block);
    const into = new Uint8Array(memory.memory.buffer, block + margin, file.samples.size);
    const identity = await readThrough(bytes, file.samples, into);
    const pool = memory.int16(block, frames + 2 * SAMPLE_MARGIN);
    pool.fill(0, 0, SAMPLE_MARGIN);
    pool.fill(0, frames + SAMPLE_MARGIN);
    const samples = placeSamples(hydra.samples, frames, block + margin, pool, memory, blocks);
    const { regions, instruments, block: loops } = readInstruments(hydra, samples, memory);
    blocks.push(loops);
    const bank: BankData = {
      name: file.name,
      samples,
      regions,
      instruments,
      presets: readPresets(hydra),
      defaultModulators: file.defaultModulators ?? DEFAULT_MODULATORS,
      sampleFrames: samples.reduce((sum, sample) => sum + sample.frames, 0),
      undecodable: [],
    };
    return { bank, blocks, identity };
  } catch (error) {
    for (const block of blocks) memory.free(block);
    throw error;
  }
}

/** Reads the whole file for its digest, the samples to where they are to be. */
async function readThrough(
  bytes: FontBytes,
  samples: { readonly start: number; readonly size: number },
  into: Uint8Array,
): Promise<string> {
  const digest = createHash('sha256');
  const visit = (stretch: Uint8Array) => {
    digest.update(stretch);
  };
  const end = samples.start + samples.size;
  await bytes.readThrough(0, samples.start, null, visit);
  await bytes.readThrough(samples.start, end, into, visit);
  await bytes.readThrough(end, bytes.size, null, visit);
  return digest.digest('hex');
}

function checkLengths(samples: readonly SampleHeader[], frames: number): void {
  const total = samples.reduce((sum, sample) => sum + lengthOf(sample, frames), 0);
  if (total > Math.max(FREE_FRAMES, 4 * frames)) tooLarge(`${total} frames of samples in ${2 * frames} bytes`);
}

/** Addresses outside of the samples are pulled in (SF2.04 7.10 leaves open what to do with them); samples in ROM have no frames here. */
function lengthOf({ start, end, rom }: SampleHeader, frames: number): number {
  return rom ? 0 : Math.max(0, Math.min(end, frames) - start);
}

/** @param blocks gets the block of the copies */
function placeSamples(
  headers: readonly SampleHeader[],
  frames: number,
  address: number,
  pool: Int16Array,
  memory: KernelMemory,
  blocks: number[],
): SampleData[] {
  const alone = headers.map((header) => {
    const length = lengthOf(header, frames);
    const end = header.start + SAMPLE_MARGIN + length;
    return length === 0 || (isSilent(pool, header.start) && isSilent(pool, end));
  });
  const crowded = headers.filter((_, index) => !alone[index]).map((header) => lengthOf(header, frames));
  const copies = crowded.length === 0 ? null : new SampleStore(crowded, memory);
  if (copies !== null) blocks.push(copies.block);
  return headers.map((header, index) => {
    const length = lengthOf(header, frames);
    if (copies !== null && !alone[index]) {
      const first = SAMPLE_MARGIN + header.start;
      return copies.add(pool.subarray(first, first + length), header);
    }
    return storedSample(header, address + (length === 0 ? 0 : header.start * 2), length, memory);
  });
}

function isSilent(pool: Int16Array, from: number): boolean {
  for (let at = from; at < from + SAMPLE_MARGIN; at++) if (pool[at] !== 0) return false;
  return true;
}

function readInstruments(hydra: Hydra, samples: readonly SampleData[], memory: KernelMemory) {
  const list = new RegionList(samples);
  const reader = new ZoneReader(hydra.instrumentZones, 'instruments', (sample, generators, global) => {
    if (sample >= samples.length) unreadable(`a zone plays sample ${sample} of ${samples.length}`);
    return list.add(sample, global, generators);
  });
  const instruments = hydra.instruments.map((header) => reader.read(header));
  return { ...list.place(memory), instruments };
}

/** In the order of drums, programs and banks. */
function readPresets(hydra: Hydra): PresetData[] {
  const count = hydra.instruments.length;
  const reader = new ZoneReader(hydra.presetZones, 'presets', (instrument) => {
    if (instrument >= count) unreadable(`a zone plays instrument ${instrument} of ${count}`);
    return instrument;
  });
  return playablePresets(hydra)
    .map((header): PresetData => ({ name: header.name, ...presetNumbers(header), ...reader.read(header) }))
    .sort(
      (a, b) =>
        Number(a.percussion) - Number(b.percussion) ||
        a.program - b.program ||
        a.bank - b.bank ||
        a.bankLow - b.bankLow,
    );
}
