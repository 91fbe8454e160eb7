import type { AudioTags, EncoderSettings } from './audio-encoder.js';
import { ByteWriter } from './byte-writer.js';

const FIELDS: readonly (readonly [string, keyof AudioTags])[] = [
  ['TITLE', 'title'],
  ['ARTIST', 'artist'],
  ['ALBUM', 'album'],
  ['COMMENT', 'comment'],
  ['DATE', 'date'],
  ['GENRE', 'genre'],
  ['COPYRIGHT', 'copyright'],
];

/**
 * The Vorbis comment of a file, as FLAC (RFC 9639 section 8.6) and Opus (RFC 7845 section 5.2) hold it: UTF-8, little-endian lengths.
 *
 * Markers follow the chapter extension of Xiph's field list; a loop is given by LOOPSTART and LOOPLENGTH in frames, which game engines read.
 */
export function vorbisComment(vendor: string, settings: EncoderSettings): Uint8Array {
  const comments: string[] = [];
  for (const [name, field] of FIELDS) {
    const text = settings.tags[field];
    if (text !== undefined && text !== '') comments.push(`${name}=${text}`);
  }
  if (settings.loop) comments.push('LOOPSTART=0', `LOOPLENGTH=${settings.frames}`);
  // The extension has three digits for the number.
  for (const [index, { frame, text }] of settings.markers.slice(0, 1000).entries()) {
    const chapter = `CHAPTER${String(index).padStart(3, '0')}`;
    comments.push(`${chapter}=${clock(frame / settings.sampleRate)}`, `${chapter}NAME=${text}`);
  }
  const writer = new ByteWriter();
  const put = (text: string) => {
    const bytes = new TextEncoder().encode(text);
    writer.uint32(bytes.length).raw(bytes);
  };
  put(vendor);
  writer.uint32(comments.length);
  for (const comment of comments) put(comment);
  return writer.toBytes();
}

/** HH:MM:SS.mmm */
function clock(seconds: number): string {
  const milliseconds = Math.round(seconds * 1000);
  const field = (value: number, digits: number) => String(Math.floor(value)).padStart(digits, '0');
  const hours = field(milliseconds / 3600000, 2);
  const minutes = field((milliseconds / 60000) % 60, 2);
  return `${hours}:${minutes}:${field((milliseconds / 1000) % 60, 2)}.${field(milliseconds % 1000, 3)}`;
}
