import { type FileHandle, open } from 'node:fs/promises';
import { InstrumentError } from '../instrument-error.js';
import type { PresetNumber } from '../sound-source.js';

/** A preset as a font lists it. */
export interface FontPreset extends PresetNumber {
  readonly name: string;
}

/** Bytes of preset headers that are read at most: 38 for each of 65536 presets. */
const LARGEST_HEADERS = 38 * 65536;
const MOST_CHUNKS = 100_000;
/** DLS level 1 and 2, 1.4: the flag of drum instruments in the bank number. */
const DLS_DRUMS = 0x80000000;

interface Chunk {
  readonly id: string;
  /** Four letters after the size of RIFF and LIST chunks. */
  readonly form: string;
  readonly start: number;
  readonly size: number;
}

/**
 * Lists the presets of an SF2, SF3 or DLS file from its headers; the samples are skipped. Sorted by percussion, bank and program.
 * Throws InstrumentError `invalid-sound-font`.
 */
export async function readFontPresets(path: string, name: string): Promise<FontPreset[]> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r');
    const { size } = await file.stat();
    const [riff] = await readChunks(file, 0, Math.min(size, 12), size);
    let presets: FontPreset[] = [];
    if (riff?.form === 'sfbk') presets = await readSoundFont(file, size);
    else if (riff?.form === 'DLS ') presets = await readDls(file, size);
    else throw new Error('is neither SF2, SF3 nor DLS');
    if (presets.length === 0) throw new Error('has no presets');
    const order = (preset: FontPreset) => (preset.percussion ? 2 ** 24 : 0) + preset.bank * 128 + preset.program;
    return presets.sort((a, b) => order(a) - order(b));
  } catch (error) {
    const message = `The sound font ${name} cannot be used: ${error instanceof Error ? error.message : String(error)}.`;
    throw new InstrumentError('invalid-sound-font', message, [{ pointer: name, message }]);
  } finally {
    await file?.close();
  }
}

/** SF2.04 7.2: preset headers of 38 bytes, the last of them a terminator. */
async function readSoundFont(file: FileHandle, size: number): Promise<FontPreset[]> {
  const lists = await readChunks(file, 12, size, size);
  const hydra = lists.find((chunk) => chunk.form === 'pdta');
  if (hydra === undefined) throw new Error('has no preset data');
  const parts = await readChunks(file, hydra.start + 4, hydra.start + hydra.size, size);
  const headers = parts.find((chunk) => chunk.id === 'phdr');
  if (headers === undefined || headers.size % 38 !== 0) throw new Error('has no preset headers');
  const bytes = await read(file, headers.start, Math.min(headers.size, LARGEST_HEADERS));
  const presets: FontPreset[] = [];
  for (let at = 0; at + 76 <= bytes.length; at += 38) {
    const bank = bytes.readUInt16LE(at + 22);
    const percussion = bank === 128;
    const program = bytes.readUInt16LE(at + 20);
    presets.push({ name: text(bytes, at, 20), bank: percussion ? 0 : bank, program, percussion });
  }
  return presets;
}

/** DLS 2.2: one LIST 'ins ' per instrument in LIST 'lins', with an 'insh' header and a name in LIST 'INFO'. */
async function readDls(file: FileHandle, size: number): Promise<FontPreset[]> {
  const lists = await readChunks(file, 12, size, size);
  const list = lists.find((chunk) => chunk.form === 'lins');
  if (list === undefined) throw new Error('has no instruments');
  const presets: FontPreset[] = [];
  for (const instrument of await readChunks(file, list.start + 4, list.start + list.size, size)) {
    const parts = await readChunks(file, instrument.start + 4, instrument.start + instrument.size, size);
    const header = parts.find((chunk) => chunk.id === 'insh');
    if (header === undefined || header.size < 12) continue;
    const bytes = await read(file, header.start, 12);
    const bank = bytes.readUInt32LE(4);
    const program = bytes.readUInt32LE(8) & 127;
    const percussion = (bank & DLS_DRUMS) !== 0;
    const coarse = (bank >>> 8) & 127;
    const name = await readDlsName(file, parts, size);
    presets.push({ name, bank: percussion ? 0 : coarse || bank & 127, program, percussion });
  }
  return presets;
}

async function readDlsName(file: FileHandle, parts: readonly Chunk[], size: number): Promise<string> {
  const info = parts.find((chunk) => chunk.form === 'INFO');
  if (info === undefined) return '';
  const entries = await readChunks(file, info.start + 4, info.start + info.size, size);
  const name = entries.find((chunk) => chunk.id === 'INAM');
  if (name === undefined) return '';
  const bytes = await read(file, name.start, Math.min(name.size, 200));
  return text(bytes, 0, bytes.length);
}

async function readChunks(file: FileHandle, from: number, to: number, fileSize: number): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  let at = from;
  while (at + 8 <= to && chunks.length < MOST_CHUNKS) {
    if (at + 8 > fileSize) throw new Error('is cut off');
    const head = await read(file, at, Math.min(12, fileSize - at));
    const id = head.toString('latin1', 0, 4);
    const size = head.readUInt32LE(4);
    const hasForm = (id === 'RIFF' || id === 'LIST') && head.length === 12;
    chunks.push({ id, form: hasForm ? head.toString('latin1', 8, 12) : '', start: at + 8, size });
    at += 8 + size + (size % 2);
  }
  return chunks;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, length));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, position);
  if (bytesRead < length) throw new Error('is cut off');
  return bytes;
}

function text(bytes: Buffer, from: number, length: number): string {
  const raw = bytes.toString('latin1', from, from + length);
  const end = raw.indexOf('\0');
  return (end < 0 ? raw : raw.slice(0, end)).trim();
}
