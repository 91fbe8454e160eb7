import type { FontBytes } from './font-bytes.js';
import { type Hydra, readHydra, type TableList } from './hydra.js';
import { RecordTable } from './hydra-tables.js';
import { ModulatorReader } from './modulator-reader.js';
import type { Modulator } from './modulators.js';
import { chunksIn, chunksInFile, type ListChunk, type RiffFile, text } from './riff.js';
import { tooLarge, unreadable } from './sound-font-error.js';

/** Lists that are read as a whole: far more than their tables may hold. */
const LONGEST_LIST = 64 * 1024 * 1024;
const LONGEST_NAME = 256;
const MODULATOR_BYTES = 10;

/** A SoundFont 2 file but for its samples. */
export interface SoundFontFile {
  readonly name: string;
  readonly hydra: Hydra;
  /** The modulators that stand in for the default ones (chunk DMOD of INFO), or null. */
  readonly defaultModulators: readonly Modulator[] | null;
  /** Where all samples stand in the file, in bytes. */
  readonly samples: { readonly start: number; readonly size: number };
}

/** Whether a RIFF file is a SoundFont that this reader knows: plain, or "sfen", which has the same tables. */
export function isSoundFont(file: RiffFile): boolean {
  const form = file.form.toLowerCase();
  return form === 'sfbk' || form === 'sfen';
}

/**
 * Reads the tables of a SoundFont and finds its samples; `sm24`, the lower bytes of 24-bit samples, is passed over, as SF2.04 6.2 allows.
 *
 * @throws SoundFontError
 */
export async function readSoundFontFile(bytes: FontBytes, file: RiffFile): Promise<SoundFontFile> {
  const info = file.lists.find(({ kind }) => kind === 'INFO');
  const data = file.lists.find(({ kind }) => kind === 'sdta');
  const tables = file.lists.find(({ kind }) => kind === 'pdta');
  if (tables === undefined) unreadable('it has no list "pdta"');
  const { name, defaultModulators, extension, hasRom } = await readInfo(bytes, info, file.wide);
  const hydra = readHydra(await readList(bytes, tables, file.wide), extension);
  // The samples of a sound card's memory stay silent; without the name of that memory the file is defective (SF2.04 7.10).
  if (!hasRom && hydra.samples.some(({ rom }) => rom)) unreadable('it has samples in a ROM that it does not name');
  if (file.wide && hydra.samples.some(({ compressed }) => compressed))
    unreadable('chunks with sizes of 64 bits are read in uncompressed sound fonts only');
  let samples = { start: 0, size: 0 };
  if (data !== undefined) {
    for await (const { id, start, size } of chunksInFile(bytes, data.start, data.start + data.size, file.wide)) {
      if (id === 'smpl') {
        samples = { start, size };
        break;
      }
    }
  }
  return { name, hydra, defaultModulators, samples };
}

async function readInfo(bytes: FontBytes, info: ListChunk | undefined, wide: boolean) {
  let name = '';
  let hasRom = false;
  let defaultModulators: Modulator[] | null = null;
  let extension: TableList | null = null;
  if (info !== undefined) {
    const list = await readList(bytes, info, wide);
    for (const { id, start, size } of chunksIn(list.bytes, 0, list.end, wide)) {
      const kind = id === 'LIST' ? text(list.bytes, start, Math.min(4, size)) : '';
      if (id === 'INAM') name = text(list.bytes, start, Math.min(LONGEST_NAME, size)).trim();
      else if (id === 'irom') hasRom = true;
      else if (id === 'DMOD') defaultModulators = readDefaults(list.bytes.subarray(start, start + size));
      else if (kind === 'xdta') extension = { bytes: list.bytes, start: start + 4, end: start + size, wide };
    }
  }
  return { name, hasRom, defaultModulators, extension };
}

/** Records like those of `pmod`, the last of them a terminal one. */
function readDefaults(bytes: Uint8Array): Modulator[] {
  const table = new RecordTable(
    'DMOD',
    bytes.subarray(0, bytes.length - (bytes.length % MODULATOR_BYTES)),
    MODULATOR_BYTES,
  );
  const reader = new ModulatorReader(table.words);
  return [...reader.read(0, Math.max(0, table.count - 1))];
}

/** A list in memory, as a whole. @throws SoundFontError */
export async function readList(bytes: FontBytes, list: ListChunk, wide: boolean): Promise<TableList> {
  if (list.size > LONGEST_LIST) tooLarge(`the list "${list.kind}" has ${list.size} bytes, at most ${LONGEST_LIST}`);
  return { bytes: await bytes.read(list.start, list.size), start: 0, end: list.size, wide };
}
