import { RecordTable, ZoneIndex } from './hydra-tables.js';
import { type Chunk, findChunks } from './riff.js';
import { SoundFontError, tooLarge, unreadable } from './sound-font-error.js';

/** More than any real font has. */
const MOST_HEADERS = 200_000;

/** The nine tables of the "hydra" (SF2.04 7.1): length of a record in bytes. */
const RECORD_BYTES = {
  phdr: 38,
  pbag: 4,
  pmod: 10,
  pgen: 4,
  inst: 22,
  ibag: 4,
  imod: 10,
  igen: 4,
  shdr: 46,
} as const;

type TableName = keyof typeof RECORD_BYTES;
const TABLE_NAMES = new Set<string>(Object.keys(RECORD_BYTES));

/** A preset or instrument as its header has it; its zones are those from `firstZone` to before `endZone`. */
export interface ZoneOwner {
  readonly name: string;
  readonly firstZone: number;
  readonly endZone: number;
}

export interface PresetHeader extends ZoneOwner {
  readonly program: number;
  /** The whole word: 0-127 of controller 0, bit 7 for General MIDI percussion (bank 128), 8-14 of controller 32 as fonts for XG have it. */
  readonly bank: number;
}

/** SF2.04 7.10. Addresses are frames from the beginning of all samples, for compressed samples bytes. */
export interface SampleHeader {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Frames of the sample, which may be far outside. */
  readonly loopStart: number;
  readonly loopEnd: number;
  readonly sampleRate: number;
  readonly rootKey: number;
  readonly correction: number;
  readonly rom: boolean;
  readonly compressed: boolean;
}

/** What a SoundFont says about presets, instruments and samples, in the order of the file: SF2.04 7. */
export interface Hydra {
  readonly presets: readonly PresetHeader[];
  readonly presetZones: ZoneIndex;
  readonly instruments: readonly ZoneOwner[];
  readonly instrumentZones: ZoneIndex;
  readonly samples: readonly SampleHeader[];
  /** Whether names and indices have upper halves. */
  readonly extended: boolean;
}

/** A list of tables in memory: `pdta`, or the list `xdta` inside of INFO. */
export interface TableList {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  readonly wide: boolean;
}

/**
 * Reads the tables and checks all that SF2.04 7.2-7.10 want "rejected at load time": tables that are missing or cut inside a record, indices that
 * fall or do not end where the next table does. Zones may be read afterwards without looking at these again.
 *
 * @param extension the upper halves of indices and names ("Extended Limits"); left out of account unless it matches, as its authors ask
 * @throws SoundFontError
 */
export function readHydra(list: TableList, extension: TableList | null): Hydra {
  const tables = readTables(list);
  const upper = extension === null ? null : readExtension(extension, tables);
  const { phdr, inst, shdr } = tables;
  if (phdr.count === 1) throw new SoundFontError('soundfont-empty', 'the bank has no presets');
  if (phdr.count === 0 || inst.count < 2) unreadable('it has no presets or no instruments');
  if (shdr.count === 0) unreadable('the table "shdr" is empty');
  for (const table of [phdr, inst, shdr]) {
    if (table.count > MOST_HEADERS) tooLarge(`"${table.name}" has ${table.count} records, at most ${MOST_HEADERS}`);
  }
  const presetZones = new ZoneIndex(tables.pbag, upper?.pbag ?? null, tables.pgen, tables.pmod);
  const instrumentZones = new ZoneIndex(tables.ibag, upper?.ibag ?? null, tables.igen, tables.imod);
  const presetEnds = phdr.indices(12, upper?.phdr ?? null, tables.pbag.count - 1, 'pbag');
  const instrumentEnds = inst.indices(10, upper?.inst ?? null, tables.ibag.count - 1, 'ibag');
  return {
    presets: headers(phdr, upper?.phdr ?? null, presetEnds, (at, owner) => ({
      ...owner,
      program: phdr.word(at, 10),
      bank: phdr.word(at, 11),
    })),
    presetZones,
    instruments: headers(inst, upper?.inst ?? null, instrumentEnds, (_, owner) => owner),
    instrumentZones,
    samples: Array.from({ length: shdr.count - 1 }, (_, at) => readSampleHeader(shdr, upper?.shdr ?? null, at)),
    extended: upper !== null,
  };
}

function headers<T>(
  table: RecordTable,
  upper: RecordTable | null,
  zones: Uint32Array,
  make: (at: number, owner: ZoneOwner) => T,
): T[] {
  return Array.from({ length: table.count - 1 }, (_, at) =>
    make(at, { name: nameOf(table, upper, at), firstZone: zones[at]!, endZone: zones[at + 1]! }),
  );
}

function readSampleHeader(table: RecordTable, upper: RecordTable | null, at: number): SampleHeader {
  const pitch = table.word(at, 20);
  const key = pitch & 0xff;
  const type = table.word(at, 22);
  const start = table.doubleWord(at, 10);
  return {
    name: nameOf(table, upper, at),
    start,
    end: table.doubleWord(at, 12),
    loopStart: table.doubleWord(at, 14) - start,
    loopEnd: table.doubleWord(at, 16) - start,
    sampleRate: table.doubleWord(at, 18),
    // 255 is unpitched, 128-254 are illegal; 60 stands for both (SF2.04 7.10).
    rootKey: key > 127 ? 60 : key,
    correction: (pitch << 16) >> 24,
    rom: (type & 0x8000) !== 0,
    compressed: (type & 0x10) !== 0,
  };
}

function nameOf(table: RecordTable, upper: RecordTable | null, at: number): string {
  return (table.text(at) + (upper?.text(at) ?? '')).trim();
}

function readTables(list: TableList): Record<TableName, RecordTable> {
  const chunks = findChunks(list.bytes, list.start, list.end, list.wide, TABLE_NAMES);
  const table = (name: TableName) => {
    const chunk = chunks.get(name);
    if (chunk === undefined) unreadable(`the table "${name}" is missing`);
    return tableOf(list, name, chunk);
  };
  return {
    phdr: table('phdr'),
    pbag: table('pbag'),
    pmod: table('pmod'),
    pgen: table('pgen'),
    inst: table('inst'),
    ibag: table('ibag'),
    imod: table('imod'),
    igen: table('igen'),
    shdr: table('shdr'),
  };
}

function tableOf(list: TableList, name: TableName, chunk: Chunk): RecordTable {
  const bytes = RECORD_BYTES[name];
  if (chunk.size % bytes !== 0) unreadable(`the table "${name}" is cut inside a record`);
  return new RecordTable(name, list.bytes.subarray(chunk.start, chunk.start + chunk.size), bytes);
}

/** Tables that hold upper halves. */
const EXTENDED = ['phdr', 'pbag', 'inst', 'ibag', 'shdr'] as const;

/** Null when the extension is not that of these tables: "it should be ignored and only the pdta chunk should be used". */
function readExtension(
  list: TableList,
  tables: Record<TableName, RecordTable>,
): Record<(typeof EXTENDED)[number], RecordTable> | null {
  const chunks = findChunks(list.bytes, list.start, list.end, list.wide, TABLE_NAMES);
  const table = (name: (typeof EXTENDED)[number]) => {
    const chunk = chunks.get(name);
    return chunk !== undefined && chunk.size === tables[name].byteLength ? tableOf(list, name, chunk) : null;
  };
  const [phdr, pbag, inst, ibag, shdr] = [table('phdr'), table('pbag'), table('inst'), table('ibag'), table('shdr')];
  return phdr && pbag && inst && ibag && shdr ? { phdr, pbag, inst, ibag, shdr } : null;
}
