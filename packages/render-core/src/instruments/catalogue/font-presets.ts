import { type FileHandle, open } from 'node:fs/promises';
import { BytesInFile, type FontBytes } from '../../synth/bank/font-bytes.js';
import { playablePresets, presetNumbers } from '../../synth/bank/preset-headers.js';
import { type Chunk, chunksIn, type RiffFile, readOutline, text } from '../../synth/bank/riff.js';
import { isSoundFont, readList, readSoundFontFile } from '../../synth/bank/sound-font-file.js';
import { InstrumentError } from '../instrument-error.js';
import type { PresetNumber } from '../sound-source.js';

/** A preset as a font lists it. */
export interface FontPreset extends PresetNumber {
  readonly name: string;
}

const MOST_DLS_INSTRUMENTS = 65_536;
const LONGEST_NAME = 200;
/** DLS level 1 and 2, 1.4: the flag of drum instruments in the bank number. */
const DLS_DRUMS = 0x80000000;

/**
 * Lists the presets of an SF2, SF3 or DLS file; the samples are skipped. Sorted by percussion, bank and program.
 * Throws InstrumentError `invalid-sound-font`.
 */
export async function readFontPresets(path: string, name: string): Promise<FontPreset[]> {
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r');
    const { size } = await file.stat();
    const presets = await listPresets(new BytesInFile(file, size));
    const order = (preset: FontPreset) => (preset.percussion ? 2 ** 24 : 0) + preset.bank * 128 + preset.program;
    return presets.sort((a, b) => order(a) - order(b));
  } catch (error) {
    const message = `The sound font ${name} cannot be used: ${error instanceof Error ? error.message : String(error)}.`;
    throw new InstrumentError('invalid-sound-font', message, [{ pointer: name, message }]);
  } finally {
    await file?.close();
  }
}

async function listPresets(bytes: FontBytes): Promise<FontPreset[]> {
  const outline = await readOutline(bytes);
  if (isSoundFont(outline)) {
    const { hydra } = await readSoundFontFile(bytes, outline);
    return playablePresets(hydra).map((header) => {
      const { bank, bankLow, program, percussion } = presetNumbers(header);
      return { name: header.name, bank: bank || bankLow, program, percussion };
    });
  }
  if (outline.form !== 'DLS ' || outline.wide) throw new Error('is neither SF2, SF3 nor DLS');
  const presets = await listDls(bytes, outline);
  if (presets.length === 0) throw new Error('has no presets');
  return presets;
}

/** DLS 2.2: one LIST 'ins ' per instrument in LIST 'lins', with an 'insh' header and a name in LIST 'INFO'. */
async function listDls(bytes: FontBytes, outline: RiffFile): Promise<FontPreset[]> {
  const instruments = outline.lists.find(({ kind }) => kind === 'lins');
  if (instruments === undefined) throw new Error('has no instruments');
  const list = await readList(bytes, instruments, false);
  const presets: FontPreset[] = [];
  for (const instrument of chunksIn(list.bytes, list.start, list.end, false)) {
    if (instrument.id !== 'LIST') continue;
    const preset = readInstrument(list.bytes, instrument);
    if (preset !== null) presets.push(preset);
    if (presets.length > MOST_DLS_INSTRUMENTS) throw new Error('has too many instruments');
  }
  return presets;
}

function readInstrument(bytes: Uint8Array, instrument: Chunk): FontPreset | null {
  let header: DataView | null = null;
  let name = '';
  for (const { id, start, size } of chunksOf(bytes, instrument)) {
    if (id === 'insh' && size >= 12) header ??= new DataView(bytes.buffer, bytes.byteOffset + start, 12);
    if (id === 'LIST' && text(bytes, start, Math.min(4, size)) === 'INFO')
      for (const entry of chunksOf(bytes, { id, start, size }))
        if (entry.id === 'INAM') name ||= text(bytes, entry.start, Math.min(LONGEST_NAME, entry.size)).trim();
  }
  if (header === null) return null;
  const bank = header.getUint32(4, true);
  const percussion = (bank & DLS_DRUMS) !== 0;
  const coarse = (bank >>> 8) & 127;
  return { name, bank: percussion ? 0 : coarse || bank & 127, program: header.getUint32(8, true) & 127, percussion };
}

/** The chunks in a list that stands in memory. */
function chunksOf(bytes: Uint8Array, list: Chunk): Iterable<Chunk> {
  return list.size < 4 ? [] : chunksIn(bytes, list.start + 4, list.start + list.size, false);
}
