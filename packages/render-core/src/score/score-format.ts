import type { ScoreFormat } from './performance.js';

/** How far into a text its root element or first brace is looked for. */
const TEXT_PROLOGUE = 4096;
/** A zip's list of files stands at its end: this much of it is searched. */
const ZIP_DIRECTORY = 65_536;
/** Old Macintosh transfers put a MacBinary header of this size before the file. */
export const MAC_BINARY_HEADER = 128;

const HINTS: readonly (readonly [RegExp, ScoreFormat])[] = [
  [/json/i, 'musistrata'],
  [/midi|\.(mid|kar|rmi|smf)$/i, 'midi'],
  [/musicxml|\.(musicxml|mxl|xml)$|\/xml/i, 'musicxml'],
  [/guitar-?pro|\.(gp|gp[345678x]|gtp)$/i, 'guitarpro'],
];

/**
 * Tells the format of a score by its first bytes, which outweigh the hint (a content type or file name); the hint decides what the bytes leave open.
 * Cheap: looks at a few kilobytes, does not check that the rest can be read.
 */
export function sniffFormat(bytes: Uint8Array, hint = ''): ScoreFormat | null {
  const head = latin1(bytes.subarray(0, TEXT_PROLOGUE));
  if (head.startsWith('MThd') || head.startsWith('MThd', MAC_BINARY_HEADER)) return 'midi';
  if (head.startsWith('RIFF') && head.startsWith('RMID', 8)) return 'midi';
  if (head.startsWith('FICHIER GUITAR', 1) || head.startsWith('BCFZ') || head.startsWith('BCFS')) return 'guitarpro';
  if (head.startsWith('PK\x03\x04')) {
    const directory = latin1(bytes.subarray(-ZIP_DIRECTORY));
    if (directory.includes('score.gpif')) return 'guitarpro';
    if (directory.includes('META-INF/container.xml') || /\.(musicxml|xml)/.test(directory)) return 'musicxml';
  }
  // UTF-16 texts are Latin letters with zeros between them here.
  const text = head
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '')
    .trimStart();
  if (text.startsWith('{') || text.startsWith('[')) return 'musistrata';
  if (text.startsWith('<') && /<score-(partwise|timewise)/.test(text)) return 'musicxml';
  return HINTS.find(([pattern]) => pattern.test(hint.split(';')[0]!.trim()))?.[1] ?? null;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
