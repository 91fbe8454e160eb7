import { SoundFontError } from './sound-font-error.js';

/** Zones, and generators or modulators in them, that a font's tables may refer to: more than any real font has. */
const MOST_REFERENCES = { zones: 200_000, entries: 4_000_000 };

/** Tables whose records point into another table by a 16-bit index (SF2.04 7.2, 7.3, 7.6, 7.7): record length, and where the index stands. */
const INDICES = [
  { table: 'phdr', record: 38, at: 24, most: MOST_REFERENCES.zones },
  { table: 'inst', record: 22, at: 20, most: MOST_REFERENCES.zones },
  { table: 'pbag', record: 4, at: 0, most: MOST_REFERENCES.entries },
  { table: 'pbag', record: 4, at: 2, most: MOST_REFERENCES.entries },
  { table: 'ibag', record: 4, at: 0, most: MOST_REFERENCES.entries },
  { table: 'ibag', record: 4, at: 2, most: MOST_REFERENCES.entries },
];

/**
 * Looks over a RIFF file before it is parsed: chunks have to lie inside the file, and the tables of a SoundFont must not refer
 * to more than a font can have (a few bytes can claim gigabytes of either).
 *
 * @throws SoundFontError
 */
export function checkStructure(bytes: ArrayBuffer): void {
  const view = new DataView(bytes);
  if (bytes.byteLength < 12 || name(view, 0) !== 'RIFF') unreadable('it does not begin with "RIFF"');
  const tables = new Map<string, DataView>();
  walk(view, 12, bytes.byteLength, tables, '', 0);
  // The upper halves of indices, of a draft that is not SoundFont 2.
  if (tables.has('xdta')) unreadable('its indices have 32 bits');
  for (const { table, record, at, most } of INDICES) {
    const records = tables.get(table);
    if (records === undefined) continue;
    let references = 0;
    let before = 0;
    for (let offset = at; offset + 2 <= records.byteLength; offset += record) {
      const index = records.getUint16(offset, true);
      references += Math.max(0, index - before);
      before = index;
    }
    if (references > most)
      throw new SoundFontError('soundfont-too-large', `"${table}" refers to ${references} entries`);
  }
  checkSamples(tables.get('shdr'), tables.get('smpl')?.byteLength ?? 0);
}

/** Sample headers (SF2.04 7.10): samples may share frames of the file, but not be many times as long as all of it. */
function checkSamples(headers: DataView | undefined, bytes: number): void {
  let frames = 0;
  for (let at = 0; headers !== undefined && at + 46 <= headers.byteLength; at += 46) {
    const length = Math.max(0, headers.getUint32(at + 24, true) - headers.getUint32(at + 20, true));
    // Addresses count bytes where samples are compressed, frames of two bytes elsewhere.
    if (length > bytes) unreadable('a sample is longer than all samples together');
    frames += length;
  }
  if (frames > Math.max(2 ** 24, 2 * bytes))
    throw new SoundFontError('soundfont-too-large', `${frames} frames of samples in ${bytes} bytes`);
}

/** Lists stand in lists four deep in a DLS file (lins, ins, lrgn, rgn, lart). */
const DEEPEST = 8;

/** Visits the chunks of a list. Returns whether one of them is a name. */
function walk(
  view: DataView,
  from: number,
  to: number,
  tables: Map<string, DataView>,
  list: string,
  depth: number,
): boolean {
  let named = false;
  let at = from;
  while (at + 8 <= to) {
    const tag = name(view, at);
    // A tag that begins with 0 has no contents for the parser.
    const size = view.getUint8(at) === 0 ? 0 : view.getUint32(at + 4, true);
    const start = at + 8;
    // The byte that makes a length even may be missing at the end of a file.
    if (start + size > view.byteLength + 1) unreadable(`its chunk "${printable(tag)}" goes on after its end`);
    const end = Math.min(view.byteLength, start + size);
    if (tag === 'LIST' && size >= 4 && depth < DEEPEST) {
      const kind = name(view, start);
      if (kind === 'xdta') tables.set(kind, view);
      const hasName = walk(view, start + 4, end, tables, kind, depth + 1);
      // The parser looks for the name of an instrument without end.
      if (list === 'ins ' && kind === 'INFO' && !hasName) unreadable('the INFO of an instrument has no name');
    } else if (tag === 'art1' || tag === 'art2') {
      if (end - start < 8 || view.getUint32(start + 4, true) * 12 > end - start - 8)
        unreadable('an articulation claims more connections than it holds');
    } else if (!tables.has(tag)) tables.set(tag, new DataView(view.buffer, start, end - start));
    named ||= tag === 'INAM';
    at = start + size + (size & 1);
  }
  return named;
}

function name(view: DataView, at: number): string {
  if (at + 4 > view.byteLength) return '';
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function printable(tag: string): string {
  return tag.replace(/[^ -~]/g, '?');
}

function unreadable(why: string): never {
  throw new SoundFontError('soundfont-unreadable', `not a readable SF2, SF3 or DLS bank: ${why}`);
}
