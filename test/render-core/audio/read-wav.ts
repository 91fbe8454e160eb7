import { readFileSync } from 'node:fs';

export interface Chunk {
  readonly id: string;
  readonly offset: number;
  readonly bytes: Buffer;
}

/** The chunks of a RIFF file, in order. Fails when sizes do not add up to the file. */
export function riffChunks(file: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  if (file.readUInt32LE(4) !== file.length - 8) throw new Error('the RIFF size is wrong');
  for (let at = 12; at < file.length; ) {
    const size = file.readUInt32LE(at + 4);
    const bytes = file.subarray(at + 8, at + 8 + size);
    if (bytes.length !== size) throw new Error('a chunk is cut');
    chunks.push({ id: file.toString('latin1', at, at + 4), offset: at, bytes });
    at += 8 + size + (size % 2);
  }
  return chunks;
}

/** Channels of a WAV file as numbers with full scale 1. */
export function readWav(path: string): { sampleRate: number; channels: Float64Array[] } {
  const chunks = riffChunks(readFileSync(path));
  const format = chunks.find(({ id }) => id === 'fmt ')!.bytes;
  const data = chunks.find(({ id }) => id === 'data')!.bytes;
  const tag = format.readUInt16LE(0) === 0xfffe ? format.readUInt16LE(24) : format.readUInt16LE(0);
  const channelCount = format.readUInt16LE(2);
  const bits = format.readUInt16LE(14);
  const frames = data.length / ((channelCount * bits) / 8);
  const channels = Array.from({ length: channelCount }, () => new Float64Array(frames));
  for (let i = 0; i < frames * channelCount; i++) {
    const at = (i * bits) / 8;
    const value = tag === 3 ? data.readFloatLE(at) : data.readIntLE(at, bits / 8) / 2 ** (bits - 1);
    channels[i % channelCount]![Math.floor(i / channelCount)] = value;
  }
  return { sampleRate: format.readUInt32LE(4), channels };
}
