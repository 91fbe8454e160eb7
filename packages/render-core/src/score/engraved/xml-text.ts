import { ScoreError } from '../score-error.js';

/**
 * Decodes XML (UTF-8, or UTF-16 with its byte order mark) and refuses what could grow in the parser: entity declarations. A DOCTYPE that only names its DTD,
 * as MusicXML files have it, is fine; it is never fetched.
 * @throws ScoreError
 */
export function decodeXml(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes);
  if (/<!(ENTITY|ELEMENT|ATTLIST|NOTATION)|<!DOCTYPE[^<>]*\[/i.test(text))
    throw ScoreError.unreadable(
      'The XML of the score declares entities of its own, which is not allowed. Remove the part in brackets from its DOCTYPE.',
    );
  return text;
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
