import { createRequire } from 'node:module';
import type { WavHeader } from './wav-header.js';

/** Loaded with the first sample: most renders need none. */
const require = createRequire(import.meta.url);
const loadWavefile = (): typeof import('wavefile') => require('wavefile');

/** One or two channels of equal length, full scale at 1. */
export type Channels = readonly [Float32Array] | readonly [Float32Array, Float32Array];

/** Frames that are decoded at once: wavefile needs several times the memory of what it decodes. */
const CHUNK_FRAMES = 65536;

const FORMAT_TAGS = { integer: 1, float: 3, 'a-law': 6, 'mu-law': 7 } as const;

/**
 * Decodes the sound of a WAV file whose header has been read. wavefile trusts headers, so that it never sees the file: it gets small new
 * files with only a format and a piece of the data. More than two channels are mixed down; what is not a number becomes 0.
 */
export function decodeWav(bytes: Buffer, header: WavHeader): Channels {
  const { frames } = header;
  const weights = downmixWeights(header);
  const out: Float32Array[] = weights.map(() => new Float32Array(frames));
  for (const { frame, lines } of decodedPieces(bytes, header)) {
    weights.forEach((row, side) => {
      const target = out[side]!;
      row.forEach((weight, channel) => {
        if (weight === 0) return;
        const line = lines[channel]!;
        for (let i = 0; i < line.length; i++) target[frame + i]! += weight * line[i]!;
      });
    });
  }
  for (const line of out) {
    for (let i = 0; i < frames; i++) if (!Number.isFinite(line[i]!)) line[i] = 0;
  }
  return out.length === 1 ? [out[0]!] : [out[0]!, out[1]!];
}

/**
 * Throws when a WAV file whose header has been read cannot be decoded. Every pattern of bits is a sound, so that the ends of the file show it.
 */
export function checkDecoding(bytes: Buffer, header: WavHeader): void {
  decodedPieces(bytes, header).next();
  decodedPieces(bytes, header, Math.max(0, header.frames - CHUNK_FRAMES)).next();
}

/** Piece after piece of a WAV file, one line for every channel of the file. */
function* decodedPieces(
  bytes: Buffer,
  header: WavHeader,
  from = 0,
): Generator<{ readonly frame: number; readonly lines: Float32Array[] }> {
  const { frames, channels, sampleBytes, dataOffset } = header;
  const frameBytes = channels * sampleBytes;
  for (let frame = from; frame < frames; frame += CHUNK_FRAMES) {
    const count = Math.min(CHUNK_FRAMES, frames - frame);
    const start = dataOffset + frame * frameBytes;
    yield { frame, lines: decodePiece(bytes.subarray(start, start + count * frameBytes), header) };
  }
}

function decodePiece(data: Buffer, header: WavHeader): Float32Array[] {
  const wav = new (loadWavefile().WaveFile)();
  const wide = header.encoding === 'integer' && header.sampleBytes > 4;
  const sampleBytes = wide ? 4 : header.sampleBytes;
  wav.fromBuffer(smallWav(wide ? topBytes(data, header) : data, header, sampleBytes));
  let scale = 1;
  let offset = 0;
  if (header.encoding === 'a-law') wav.fromALaw();
  if (header.encoding === 'mu-law') wav.fromMuLaw();
  if (header.encoding === 'integer') scale = 2 ** (1 - 8 * sampleBytes);
  else if (header.encoding !== 'float') scale = 2 ** -15;
  if (header.encoding === 'integer' && sampleBytes === 1) offset = -128;
  const samples: unknown = wav.getSamples(false, Float32Array);
  const lines = (samples instanceof Float32Array ? [samples] : samples) as Float32Array[];
  for (const line of lines) for (let i = 0; i < line.length; i++) line[i] = (line[i]! + offset) * scale;
  return lines;
}

/** wavefile knows integers of up to 53 bits in containers of at most 4 bytes reliably: wider ones lose what a 32-bit float cannot hold anyway. */
function topBytes(data: Buffer, { sampleBytes, bigEndian }: WavHeader): Buffer {
  const count = data.length / sampleBytes;
  const out = Buffer.alloc(count * 4);
  const skip = bigEndian ? 0 : sampleBytes - 4;
  for (let i = 0; i < count; i++) data.copy(out, 4 * i, i * sampleBytes + skip, i * sampleBytes + skip + 4);
  return out;
}

function smallWav(data: Buffer, header: WavHeader, sampleBytes: number): Buffer {
  const { channels, sampleRate, bigEndian, encoding } = header;
  const out = Buffer.alloc(44 + data.length);
  const u16 = (value: number, at: number) => (bigEndian ? out.writeUInt16BE(value, at) : out.writeUInt16LE(value, at));
  const u32 = (value: number, at: number) => (bigEndian ? out.writeUInt32BE(value, at) : out.writeUInt32LE(value, at));
  out.write(bigEndian ? 'RIFX' : 'RIFF', 0, 'latin1');
  u32(36 + data.length, 4);
  out.write('WAVEfmt ', 8, 'latin1');
  u32(16, 16);
  u16(FORMAT_TAGS[encoding], 20);
  u16(channels, 22);
  u32(sampleRate, 24);
  u32(sampleRate * channels * sampleBytes, 28);
  u16(channels * sampleBytes, 32);
  u16(8 * sampleBytes, 34);
  out.write('data', 36, 'latin1');
  u32(data.length, 40);
  data.copy(out, 44);
  return out;
}

/** Speaker positions in the order of dwChannelMask with their weights left and right (ITU-R BS.775-3 annex 4, low frequency effects left out). */
const SPEAKERS: readonly (readonly [left: number, right: number])[] = [
  [1, 0],
  [0, 1],
  [Math.SQRT1_2, Math.SQRT1_2],
  [0, 0],
  [Math.SQRT1_2, 0],
  [0, Math.SQRT1_2],
  [1, 0],
  [0, 1],
  [0.5, 0.5],
  [Math.SQRT1_2, 0],
  [0, Math.SQRT1_2],
];

/** Masks that files without one usually mean, by their number of channels. */
const USUAL_MASKS: Readonly<Record<number, number>> = { 3: 0x7, 4: 0x33, 5: 0x37, 6: 0x3f, 7: 0x13f, 8: 0x63f };

/** One row of weights for every channel of the result. */
function downmixWeights({ channels, channelMask }: WavHeader): number[][] {
  if (channels === 1) return [[1]];
  const mask = channelMask !== 0 && channels > 2 ? channelMask : USUAL_MASKS[channels];
  const speakers = SPEAKERS.filter((_, bit) => ((mask ?? 0) >> bit) & 1);
  const columns = Array.from(
    { length: channels },
    (_, channel) => (channels > 2 ? speakers[channel] : undefined) ?? [1 - (channel % 2), channel % 2],
  );
  const rows = [columns.map((column) => column[0]!), columns.map((column) => column[1]!)];
  // Many channels share full scale, so that a mix of equal signals does not exceed it.
  return rows.map((row) => {
    const sum = row.reduce((total, weight) => total + weight, 0);
    return row.map((weight) => (sum > 1 ? weight / sum : weight));
  });
}
