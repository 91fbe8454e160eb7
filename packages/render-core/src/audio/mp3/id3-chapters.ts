import type { EncoderSettings } from '../audio-encoder.js';
import { ByteWriter } from '../byte-writer.js';
import { type Id3Frame, id3Frame, id3Text } from './id3-frame.js';

/** As many as the table of contents can list: it counts them in a byte. */
const MOST_CHAPTERS = 255;
/** Top level, and in order. */
const CONTENTS_FLAGS = 3;
/** Times count, not positions in the file. */
const NO_OFFSET = 0xffffffff;

/**
 * Markers as chapters, each up to the next or to the end of the file (ID3v2 Chapter Frame Addendum 1.0: one CTOC frame that lists them, and a
 * CHAP frame with a title for each). The first {@link MOST_CHAPTERS} are written.
 */
export function chapterFrames({
  markers,
  frames,
  sampleRate,
}: Pick<EncoderSettings, 'markers' | 'frames' | 'sampleRate'>): Id3Frame[] {
  const chapters = markers.slice(0, MOST_CHAPTERS);
  if (chapters.length === 0) return [];
  const milliseconds = (frame: number) => Math.round((frame / sampleRate) * 1000);
  const contents = new ByteWriter().raw(elementId('toc')).uint8(CONTENTS_FLAGS).uint8(chapters.length);
  for (const index of chapters.keys()) contents.raw(elementId(`ch${index}`));
  return [
    { id: 'CTOC', content: contents.toBytes() },
    ...chapters.map(({ frame, text }, index) => {
      const end = markers[index + 1]?.frame ?? frames;
      const chapter = new ByteWriter().raw(elementId(`ch${index}`));
      for (const value of [milliseconds(frame), milliseconds(end), NO_OFFSET, NO_OFFSET]) chapter.raw(bigEndian(value));
      return { id: 'CHAP', content: chapter.raw(id3Frame(id3Text('TIT2', text))).toBytes() };
    }),
  ];
}

/** A name by which frames know each other, ended by a zero. */
function elementId(name: string): Uint8Array {
  return new ByteWriter().ascii(name).uint8(0).toBytes();
}

function bigEndian(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
