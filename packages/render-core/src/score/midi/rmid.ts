import { ScoreError } from '../score-error.js';
import { MAC_BINARY_HEADER } from '../score-format.js';
import { cleanText } from '../text.js';
import type { WarningList } from '../warning-list.js';
import { decodeMidiText } from './midi-text.js';

interface Unwrapped {
  /** Offset of the MThd chunk. */
  readonly start: number;
  /** Offset after the last byte of the file in the wrapper; other chunks may follow. */
  readonly end: number;
  readonly title: string | null;
  readonly copyright: string | null;
}

/** Where a MacBinary header says how long the file's data are. */
const MAC_BINARY_LENGTH = 83;

/** Finds the MIDI file inside an .rmi file (RIFF form RMID), with the title and copyright of its INFO list, or behind a MacBinary header. */
export function unwrapRiff(bytes: Uint8Array, warnings: WarningList): Unwrapped {
  const tagAt = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (tagAt(0) !== 'RIFF') {
    const inMacBinary = tagAt(0) !== 'MThd' && tagAt(MAC_BINARY_HEADER) === 'MThd';
    const start = inMacBinary ? MAC_BINARY_HEADER : 0;
    const dataLength = inMacBinary ? view.getUint32(MAC_BINARY_LENGTH) : 0;
    const end = dataLength > 0 ? start + dataLength : bytes.length;
    return { start, end, title: null, copyright: null };
  }
  let start = 0;
  let end = 0;
  let title: string | null = null;
  let copyright: string | null = null;
  const walk = (from: number, to: number): void => {
    for (let at = from; at + 8 <= to; ) {
      const tag = tagAt(at);
      const size = view.getUint32(at + 4, true);
      const [content, next] = [at + 8, Math.min(at + 8 + size, to)];
      if (tag === 'data' && start === 0) [start, end] = [content, next];
      else if (tag === 'LIST' && tagAt(content) === 'INFO') walk(content + 4, next);
      else if (tag === 'INAM') title ??= cleanText(decodeMidiText(bytes.subarray(content, next))) || null;
      else if (tag === 'ICOP') copyright ??= cleanText(decodeMidiText(bytes.subarray(content, next))) || null;
      else if (tag === 'RIFF')
        warnings.add('midi-bank-ignored', 'The instrument bank inside the .rmi file is not used.');
      at = next + (size & 1);
    }
  };
  walk(12, bytes.length);
  if (start === 0) throw ScoreError.unreadable('The .rmi file has no data chunk with a MIDI file in it.');
  return { start, end, title, copyright };
}
