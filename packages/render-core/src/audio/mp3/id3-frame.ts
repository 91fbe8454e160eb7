import { ByteWriter } from '../byte-writer.js';

const UTF8 = 3;

/** A frame of an ID3v2.4 tag. */
export interface Id3Frame {
  /** Four letters. */
  readonly id: string;
  readonly content: Uint8Array;
}

/** A frame with its header, as it stands in the tag or in another frame. */
export function id3Frame({ id, content }: Id3Frame): Uint8Array {
  return new ByteWriter().ascii(id).raw(syncSafe(content.length)).uint16(0).raw(content).toBytes();
}

/** A text frame in UTF-8; comments have a language of three letters and an empty description before the text. */
export function id3Text(id: string, text: string, language?: string): Id3Frame {
  const writer = new ByteWriter().uint8(UTF8);
  if (language !== undefined) writer.ascii(language).uint8(0);
  return { id, content: writer.raw(new TextEncoder().encode(text.replaceAll('\0', ''))).toBytes() };
}

/** 28 bits in four bytes whose highest bit is 0. */
export function syncSafe(value: number): Uint8Array {
  return Uint8Array.of((value >> 21) & 0x7f, (value >> 14) & 0x7f, (value >> 7) & 0x7f, value & 0x7f);
}
