import { tooLarge, unreadable } from './sound-font-error.js';

/** Zones, and generators or modulators in them, that a font's tables may refer to: more than any real font has. */
const MOST_REFERENCES = { zones: 200_000, entries: 1_000_000 };

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
 * Looks over a RIFF file before spessasynth_core parses it: chunks have to lie inside the file, and the tables of a SoundFont must not refer to more than a
 * font can have (a few bytes can claim gigabytes of either). Lists over which the parser would stumble are renamed, so that it passes over them: the INFO of a
 * DLS instrument without a name, which it looks for without end, and unless `extended` the upper halves of indices.
 *
 * @throws SoundFontError
 */
export function checkStructure(bytes: Uint8Array, extended: boolean): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 12 || name(view, 0) !== 'RIFF') unreadable('it does not begin with "RIFF"');
  const tables = new Map<string, DataView>();
  walk(view, 12, bytes.length, { tables, extended }, '', 0);
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
    if (references > most) tooLarge(`"${table}" refers to ${references} entries`);
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
  if (frames > Math.max(2 ** 24, 2 * bytes)) tooLarge(`${frames} frames of samples in ${bytes} bytes`);
}

/** Lists stand in lists four deep in a DLS file (lins, ins, lrgn, rgn, lart). */
const DEEPEST = 8;

/** The first table of each name that the walk comes to; whether upper halves of indices are wanted. */
interface Found {
  readonly tables: Map<string, DataView>;
  readonly extended: boolean;
}

/** Visits the chunks of a list. Returns whether one of them is a name. */
function walk(view: DataView, from: number, to: number, found: Found, list: string, depth: number): boolean {
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
      // Those of `xdta` have the names of others.
      const inside = kind === 'xdta' ? { ...found, tables: new Map<string, DataView>() } : found;
      const hasName = walk(view, start + 4, end, inside, kind, depth + 1);
      if (list === 'ins ' && kind === 'INFO' && !hasName) hide(view, start);
      if (kind === 'xdta' && !found.extended) hide(view, start);
    } else if (tag === 'art1' || tag === 'art2') {
      if (end - start < 8 || view.getUint32(start + 4, true) * 12 > end - start - 8)
        unreadable('an articulation claims more connections than it holds');
    } else if (!found.tables.has(tag))
      found.tables.set(tag, new DataView(view.buffer, view.byteOffset + start, end - start));
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

/** Gives a list a kind that nobody looks for. */
function hide(view: DataView, at: number): void {
  for (let i = 0; i < 4; i++) view.setUint8(at + i, 'JUNK'.charCodeAt(i));
}
