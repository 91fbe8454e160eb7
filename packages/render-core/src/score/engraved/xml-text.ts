import { ScoreError } from '../score-error.js';

/** How far into a document its declaration reaches. */
const DECLARATION = 200;

/**
 * Decodes XML (in the encoding of its byte order mark or its declaration, else UTF-8) and refuses what could grow in the parser: entity declarations. A
 * DOCTYPE that only names its DTD, as MusicXML files have it, is fine; it is never fetched.
 * @throws ScoreError
 */
export function decodeXml(bytes: Uint8Array): string {
  const text = decode(bytes);
  if (/<!(ENTITY|ELEMENT|ATTLIST|NOTATION)|<!DOCTYPE[^<>]*\[/i.test(text))
    throw ScoreError.unreadable(
      'The XML of the score declares entities of its own, which is not allowed. Remove the part in brackets from its DOCTYPE.',
    );
  return text;
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const start = Buffer.from(bytes.subarray(0, DECLARATION)).toString('latin1');
  const declared = /^<\?xml\s[^<>]*?\sencoding\s*=\s*["']([\w.-]+)["']/.exec(start)?.[1] ?? 'utf-8';
  // What can be read as far as here has a byte for every letter of the declaration, whatever it claims.
  if (/^utf-?16|^ucs/i.test(declared)) return new TextDecoder().decode(bytes);
  try {
    return new TextDecoder(declared).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** Where the elements of a name stand that have an end tag; they do not nest. One pass, however broken the text is. */
export function* elements(text: string, name: string): Generator<{ readonly start: number; readonly end: number }> {
  const opening = new RegExp(`<${name}(?:\\s[^<>]*)?>`, 'g');
  const closing = new RegExp(`</${name}\\s*>`, 'g');
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    if (found[0].endsWith('/>')) continue;
    closing.lastIndex = opening.lastIndex;
    if (closing.exec(text) === null) return;
    yield { start: found.index, end: closing.lastIndex };
    opening.lastIndex = closing.lastIndex;
  }
}

const PREDEFINED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The value of an attribute as it stands in the document (XML 1.0, predefined entities and character references). */
export function attributeValue(written: string): string {
  return written.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return PREDEFINED[name.toLowerCase()]!;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
