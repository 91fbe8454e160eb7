import type { AudioTags, EncoderSettings } from '../audio-encoder.js';
import { ByteWriter } from '../byte-writer.js';
import { chapterFrames } from './id3-chapters.js';
import { type Id3Frame, id3Frame, id3Text, syncSafe } from './id3-frame.js';

const FRAMES: readonly (readonly [string, keyof AudioTags])[] = [
  ['TIT2', 'title'],
  ['TPE1', 'artist'],
  ['TALB', 'album'],
  ['TDRC', 'date'],
  ['TCON', 'genre'],
  ['TCOP', 'copyright'],
];

/** ID3v2.4 tag in UTF-8 for the start of an MP3 file, with its markers as chapters. */
export function id3Tag(settings: Pick<EncoderSettings, 'tags' | 'markers' | 'frames' | 'sampleRate'>): Uint8Array {
  const { tags } = settings;
  const frames: Id3Frame[] = [];
  for (const [id, field] of FRAMES) {
    const text = tags[field];
    if (text !== undefined && text !== '') frames.push(id3Text(id, text));
  }
  if (tags.comment !== undefined && tags.comment !== '') frames.push(id3Text('COMM', tags.comment, 'und'));
  frames.push(id3Text('TSSE', 'Musistrata Render, LAME'), ...chapterFrames(settings));
  const body = new ByteWriter();
  for (const frame of frames) body.raw(id3Frame(frame));
  const bytes = body.toBytes();
  return new ByteWriter().ascii('ID3').uint16(4).uint8(0).raw(syncSafe(bytes.length)).raw(bytes).toBytes();
}
