import { ScoreError } from '../score-error.js';
import { MAC_BINARY_HEADER } from '../score-format.js';
import { cleanText } from '../text.js';
import type { WarningList } from '../warning-list.js';
import { decodeMidiText } from './midi-text.js';

interface Unwrapped {
  /** Offset of the MThd chunk. */
  readonly start: number;
  readonly title: string | null;
  readonly copyright: string | null;
}

/** Finds the MIDI file inside an .rmi file (RIFF form RMID), with the title and copyright of its INFO list, or behind a MacBinary header. */
export function unwrapRiff(bytes: Uint8Array, warnings: WarningList): Unwrapped {
  const tagAt = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (tagAt(0) !== 'RIFF')
    return {
      start: tagAt(0) !== 'MThd' && tagAt(MAC_BINARY_HEADER) === 'MThd' ? MAC_BINARY_HEADER : 0,
      title: null,
      copyright: null,
    };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start: number | null = null;
  let title: string | null = null;
  let copyright: string | null = null;
  const walk = (from: number, to: number): void => {
    for (let at = from; at + 8 <= to; ) {
      const tag = tagAt(at);
      const size = view.getUint32(at + 4, true);
      const end = Math.min(at + 8 + size, to);
      if (tag === 'data') start ??= at + 8;
      else if (tag === 'LIST' && tagAt(at + 8) === 'INFO') walk(at + 12, end);
      else if (tag === 'INAM') title ??= cleanText(decodeMidiText(bytes.subarray(at + 8, end))) || null;
      else if (tag === 'ICOP') copyright ??= cleanText(decodeMidiText(bytes.subarray(at + 8, end))) || null;
      else if (tag === 'RIFF')
        warnings.add('midi-bank-ignored', 'The instrument bank inside the .rmi file is not used.');
      at = end + (size & 1);
    }
  };
  walk(12, bytes.length);
  if (start === null) throw ScoreError.unreadable('The .rmi file has no data chunk with a MIDI file in it.');
  return { start, title, copyright };
}
