import type { AudioTags } from '../audio-encoder.js';
import { ByteWriter } from '../byte-writer.js';

const UTF8 = 3;
const FRAMES: readonly (readonly [string, keyof AudioTags])[] = [
  ['TIT2', 'title'],
  ['TPE1', 'artist'],
  ['TALB', 'album'],
  ['TDRC', 'date'],
  ['TCON', 'genre'],
  ['TCOP', 'copyright'],
];

/** ID3v2.4 tag in UTF-8 for the start of an MP3 file. */
export function id3Tag(tags: AudioTags): Uint8Array {
  const frames = new ByteWriter();
  const put = (id: string, content: Uint8Array) => {
    frames.ascii(id).raw(syncSafe(content.length)).uint16(0).raw(content);
  };
  for (const [id, field] of FRAMES) {
    const text = tags[field];
    if (text !== undefined && text !== '') put(id, new ByteWriter().uint8(UTF8).raw(utf8(text)).toBytes());
  }
  if (tags.comment !== undefined && tags.comment !== '') {
    const comment = new ByteWriter().uint8(UTF8).ascii('und').uint8(0).raw(utf8(tags.comment));
    put('COMM', comment.toBytes());
  }
  put('TSSE', new ByteWriter().uint8(UTF8).raw(utf8('Musistrata Render, LAME')).toBytes());
  const body = frames.toBytes();
  return new ByteWriter().ascii('ID3').uint16(4).uint8(0).raw(syncSafe(body.length)).raw(body).toBytes();
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text.replaceAll('\0', ''));
}

/** 28 bits in four bytes whose highest bit is 0. */
function syncSafe(value: number): Uint8Array {
  return Uint8Array.of((value >> 21) & 0x7f, (value >> 14) & 0x7f, (value >> 7) & 0x7f, value & 0x7f);
}
