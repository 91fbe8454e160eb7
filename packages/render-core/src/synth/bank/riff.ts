import type { FontBytes } from './font-bytes.js';
import { unreadable } from './sound-font-error.js';

/** A chunk of a RIFF file (SF2.04 3.1); `start` and `size` are those of its contents, in bytes. */
export interface Chunk {
  readonly id: string;
  readonly start: number;
  readonly size: number;
}

/** A chunk that holds chunks, from `start` on: the kind of the list is not among them. */
export interface ListChunk extends Chunk {
  readonly kind: string;
}

/** A file's outermost chunk: "RIFF", or "RIFS", all of whose sizes have 64 bits. */
export interface RiffFile {
  readonly form: string;
  readonly wide: boolean;
  readonly lists: readonly ListChunk[];
}

/** More than enough chunks beside each other for a whole file to hold, where each costs a read. */
const MOST_CHUNKS = 1000;

/**
 * The outline of a file: its form and the lists in it; other chunks in between are skipped. What the outermost size says is not looked at,
 * as writers get it wrong.
 *
 * @throws SoundFontError when it is not RIFF, or a chunk goes on after its end
 */
export async function readOutline(bytes: FontBytes): Promise<RiffFile> {
  const head = await bytes.read(0, Math.min(16, bytes.size));
  const id = text(head, 0, 4);
  const wide = id === 'RIFS';
  const start = headerBytes(wide) + 4;
  if ((id !== 'RIFF' && !wide) || head.length < start) unreadable('it does not begin with "RIFF"');
  return { form: text(head, start - 4, 4), wide, lists: await readLists(bytes, start, bytes.size, wide) };
}

async function readLists(bytes: FontBytes, from: number, to: number, wide: boolean): Promise<ListChunk[]> {
  const lists: ListChunk[] = [];
  for await (const chunk of chunksInFile(bytes, from, to, wide)) {
    if (chunk.id !== 'LIST' || chunk.size < 4) continue;
    const kind = text(await bytes.read(chunk.start, 4), 0, 4);
    lists.push({ id: chunk.id, kind, start: chunk.start + 4, size: chunk.size - 4 });
  }
  return lists;
}

/** The chunks of a stretch of a file, one read for each: for lists that are too long to be read as a whole. */
export async function* chunksInFile(
  bytes: FontBytes,
  from: number,
  to: number,
  wide: boolean,
): AsyncGenerator<Chunk, void> {
  let count = 0;
  for (let at = from; at + headerBytes(wide) <= to; ) {
    if (++count > MOST_CHUNKS) unreadable('it is divided into too many chunks');
    const head = await bytes.read(at, headerBytes(wide));
    const chunk = chunkAt(head, 0, at, to, wide);
    yield chunk;
    const end = chunk.start + chunk.size;
    at = end + (chunk.size % 2 === 1 && end < to ? padding(await bytes.read(end, 1), 0) : 0);
  }
}

/** The chunks of a stretch of bytes, the first of each name that is asked for. @throws SoundFontError when one goes on after the end */
export function findChunks(
  bytes: Uint8Array,
  from: number,
  to: number,
  wide: boolean,
  wanted: ReadonlySet<string>,
): Map<string, Chunk> {
  const found = new Map<string, Chunk>();
  for (const chunk of chunksIn(bytes, from, to, wide)) {
    if (wanted.has(chunk.id) && !found.has(chunk.id)) found.set(chunk.id, chunk);
  }
  return found;
}

/** The chunks of a stretch of bytes. @throws SoundFontError when one goes on after the end */
export function* chunksIn(bytes: Uint8Array, from: number, to: number, wide: boolean): Generator<Chunk, void> {
  for (let at = from; at + headerBytes(wide) <= to; ) {
    const chunk = chunkAt(bytes, at, at, to, wide);
    yield chunk;
    const end = chunk.start + chunk.size;
    at = end + (chunk.size % 2 === 1 && end < to ? padding(bytes, end) : 0);
  }
}

/** The chunk whose header stands at `from` of some bytes and at `at` of the file. */
function chunkAt(bytes: Uint8Array, from: number, at: number, to: number, wide: boolean): Chunk {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const id = text(bytes, from, 4);
  const low = view.getUint32(from + 4, true);
  const size = wide ? low + view.getUint32(from + 8, true) * 2 ** 32 : low;
  const start = at + headerBytes(wide);
  if (start + size > to) unreadable(`its chunk "${printable(id)}" goes on after its end`);
  return { id, start, size };
}

/** Chunks begin at even places, but some writers of compressed fonts forget that: names do not begin with 0. */
function padding(bytes: Uint8Array, at: number): number {
  return bytes[at] === 0 ? 1 : 0;
}

function headerBytes(wide: boolean): number {
  return wide ? 12 : 8;
}

/** Characters up to the first 0, of one byte each. */
export function text(bytes: Uint8Array, from: number, length: number): string {
  let characters = '';
  for (let at = from; at < from + length && at < bytes.length && bytes[at] !== 0; at++)
    characters += String.fromCharCode(bytes[at]!);
  return characters;
}

function printable(id: string): string {
  return id.replace(/[^ -~]/g, '?');
}
