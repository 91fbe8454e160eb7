import type { AudioMarker, AudioTags } from '../audio-encoder.js';
import { ByteWriter } from '../byte-writer.js';

const INFO_IDS: readonly (readonly [string, keyof AudioTags])[] = [
  ['INAM', 'title'],
  ['IART', 'artist'],
  ['IPRD', 'album'],
  ['ICMT', 'comment'],
  ['ICRD', 'date'],
  ['IGNR', 'genre'],
  ['ICOP', 'copyright'],
];

/** A RIFF chunk: identifier, size, content, padding to an even length. */
export function chunk(id: string, content: Uint8Array): Uint8Array {
  const writer = new ByteWriter().ascii(id).uint32(content.length).raw(content);
  return (content.length % 2 === 1 ? writer.uint8(0) : writer).toBytes();
}

/**
 * `LIST` chunk of type `INFO`; empty when there are no tags. RIFF 1.0 leaves the character set to the system of its day; everything that reads these
 * fields now takes them for UTF-8.
 */
export function infoChunk(tags: AudioTags): Uint8Array {
  const writer = new ByteWriter().ascii('INFO');
  for (const [id, field] of INFO_IDS) {
    const text = tags[field];
    if (text !== undefined && text !== '') writer.raw(chunk(id, zeroTerminated(text)));
  }
  writer.raw(chunk('ISFT', zeroTerminated('Musistrata Render')));
  return chunk('LIST', writer.toBytes());
}

/** `cue ` chunk and the `LIST` chunk of type `adtl` with the names; empty without markers. */
export function cueChunks(markers: readonly AudioMarker[]): Uint8Array {
  if (markers.length === 0) return new Uint8Array();
  const cue = new ByteWriter().uint32(markers.length);
  const names = new ByteWriter().ascii('adtl');
  for (const [index, { frame, text }] of markers.entries()) {
    const id = index + 1;
    cue.uint32(id).uint32(frame).ascii('data').uint32(0).uint32(0).uint32(frame);
    names.raw(chunk('labl', new ByteWriter().uint32(id).raw(zeroTerminated(text)).toBytes()));
  }
  return new ByteWriter().raw(chunk('cue ', cue.toBytes())).raw(chunk('LIST', names.toBytes())).toBytes();
}

/** `smpl` chunk with one endless forward loop over all frames; its end is the last frame played. */
export function samplerLoopChunk(sampleRate: number, frames: number): Uint8Array {
  const writer = new ByteWriter()
    .uint32(0)
    .uint32(0)
    .uint32(Math.round(1e9 / sampleRate));
  writer.uint32(60).uint32(0).uint32(0).uint32(0).uint32(1).uint32(0);
  writer
    .uint32(0)
    .uint32(0)
    .uint32(0)
    .uint32(frames - 1)
    .uint32(0)
    .uint32(0);
  return chunk('smpl', writer.toBytes());
}

function zeroTerminated(text: string): Uint8Array {
  return new ByteWriter()
    .raw(new TextEncoder().encode(text.replaceAll('\0', '')))
    .uint8(0)
    .toBytes();
}
