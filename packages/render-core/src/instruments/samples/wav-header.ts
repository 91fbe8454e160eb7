import { InstrumentError } from '../instrument-error.js';

/** A stretch that repeats, in frames of the file; `end` is the first frame after it. */
export interface SampleLoop {
  readonly start: number;
  readonly end: number;
}

/** What a WAV file says about itself, checked against its real size. */
export interface WavHeader {
  readonly encoding: 'integer' | 'float' | 'a-law' | 'mu-law';
  readonly bigEndian: boolean;
  readonly channels: number;
  /** Hz. */
  readonly sampleRate: number;
  /** Bytes of one sample of one channel. */
  readonly sampleBytes: number;
  readonly dataOffset: number;
  readonly frames: number;
  /** From a `smpl` chunk: the first forward loop. */
  readonly loop: SampleLoop | null;
  /** From a `smpl` chunk: the MIDI key at which the recording is at its own pitch, with its fraction. */
  readonly unityKey: number | null;
  /** Speaker positions (WAVEFORMATEXTENSIBLE dwChannelMask), 0 when the file does not say. */
  readonly channelMask: number;
}

const MOST_CHANNELS = 32;
const MOST_CHUNKS = 1000;
const EXTENSIBLE = 0xfffe;
/** The last 14 bytes of every KSDATAFORMAT_SUBTYPE identifier. */
const SUBTYPE_TAIL = '000000001000800000aa00389b71';

/**
 * Reads the header of a WAV file (RIFF, RIFX or RF64): PCM of 8-64 bits, float of 32 or 64, A-law and mu-law, any rate and up to 32 channels.
 * `name` is what error messages call the file. Throws InstrumentError `invalid-sample` for everything that does not add up.
 */
export function readWavHeader(bytes: Buffer, name: string): WavHeader {
  return new HeaderReader(bytes, name).read();
}

class HeaderReader {
  private readonly bigEndian: boolean;
  private format: Buffer | null = null;
  private data: { offset: number; size: number } | null = null;
  private sampler: Buffer | null = null;
  private longDataSize: number | null = null;

  constructor(
    private readonly bytes: Buffer,
    private readonly name: string,
  ) {
    this.bigEndian = bytes.toString('latin1', 0, 4) === 'RIFX';
  }

  read(): WavHeader {
    const { bytes } = this;
    const container = bytes.toString('latin1', 0, 4);
    if (!['RIFF', 'RIFX', 'RF64'].includes(container) || bytes.toString('latin1', 8, 12) !== 'WAVE') {
      throw this.invalid('is not a WAV file');
    }
    this.readChunks();
    if (this.format === null) throw this.invalid('has no format chunk');
    if (this.data === null) throw this.invalid('has no data chunk');
    return this.describe(this.format, this.data);
  }

  private readChunks(): void {
    const { bytes } = this;
    let offset = 12;
    for (let chunk = 0; offset + 8 <= bytes.length; chunk++) {
      if (chunk === MOST_CHUNKS) throw this.invalid(`has more than ${MOST_CHUNKS} chunks`);
      const id = bytes.toString('latin1', offset, offset + 4);
      let size = this.uint32(bytes, offset + 4);
      const start = offset + 8;
      if (id === 'data' && size === 0xffffffff && this.longDataSize !== null) size = this.longDataSize;
      if (start + size > bytes.length) {
        if (id === 'data' || id === 'fmt ') {
          throw this.invalid(
            `is cut off: its ${id.trim()} chunk claims ${size} bytes, ${bytes.length - start} are there`,
          );
        }
        return;
      }
      if (id === 'fmt ') this.format ??= bytes.subarray(start, start + size);
      if (id === 'smpl') this.sampler ??= bytes.subarray(start, start + size);
      if (id === 'data') this.data ??= { offset: start, size };
      if (id === 'ds64' && size >= 16) this.longDataSize = Number(bytes.readBigUInt64LE(start + 8));
      offset = start + size + (size % 2);
    }
  }

  private describe(format: Buffer, data: { offset: number; size: number }): WavHeader {
    if (format.length < 16) throw this.invalid('has a format chunk that is too short');
    const channels = this.uint16(format, 2);
    const sampleRate = this.uint32(format, 4);
    const blockAlign = this.uint16(format, 12);
    const bits = this.uint16(format, 14);
    if (channels < 1 || channels > MOST_CHANNELS)
      throw this.invalid(`has ${channels} channels; 1 to ${MOST_CHANNELS} can be read`);
    if (sampleRate < 100 || sampleRate > 1e6) throw this.invalid(`has a sample rate of ${sampleRate} Hz`);
    const sampleBytes = blockAlign / channels;
    if (!Number.isInteger(sampleBytes) || sampleBytes < 1 || sampleBytes > 8 || sampleBytes * 8 < bits) {
      throw this.invalid(`has frames of ${blockAlign} bytes, which do not fit ${channels} channels of ${bits} bits`);
    }
    const encoding = this.encoding(format, sampleBytes);
    const frames = Math.floor(data.size / blockAlign);
    if (frames < 1) throw this.invalid('has no sound in it');
    const { loop, unityKey } = this.readSampler(frames);
    const extensible = this.uint16(format, 0) === EXTENSIBLE;
    const channelMask = extensible && format.length >= 24 ? this.uint32(format, 20) : 0;
    const { bigEndian } = this;
    return {
      encoding,
      bigEndian,
      channels,
      sampleRate,
      sampleBytes,
      dataOffset: data.offset,
      frames,
      loop,
      unityKey,
      channelMask,
    };
  }

  private encoding(format: Buffer, sampleBytes: number): WavHeader['encoding'] {
    let tag = this.uint16(format, 0);
    if (tag === EXTENSIBLE) {
      if (format.length < 40 || format.toString('hex', 26, 40) !== SUBTYPE_TAIL)
        throw this.invalid('has an unknown format');
      tag = this.uint16(format, 24);
    }
    if (tag === 1) return 'integer';
    if (tag === 3 && (sampleBytes === 4 || sampleBytes === 8)) return 'float';
    if (tag === 6 && sampleBytes === 1) return 'a-law';
    if (tag === 7 && sampleBytes === 1) return 'mu-law';
    throw this.invalid(
      `has format ${tag} with ${sampleBytes} bytes a sample; PCM, float, A-law and mu-law can be read`,
    );
  }

  /** Sampler chunk (Multimedia Programming Interface and Data Specifications 1.0, new multimedia data types, 1994): loop ends are included in the loop. */
  private readSampler(frames: number): Pick<WavHeader, 'loop' | 'unityKey'> {
    const chunk = this.sampler;
    if (chunk === null || chunk.length < 36) return { loop: null, unityKey: null };
    const key = this.uint32(chunk, 12);
    const unityKey = key <= 127 ? key + this.uint32(chunk, 16) / 2 ** 32 : null;
    const count = Math.min(this.uint32(chunk, 28), Math.floor((chunk.length - 36) / 24));
    for (let index = 0; index < count; index++) {
      const at = 36 + 24 * index;
      const start = this.uint32(chunk, at + 8);
      const end = Math.min(frames, this.uint32(chunk, at + 12) + 1);
      if (this.uint32(chunk, at + 4) === 0 && start < end) return { loop: { start, end }, unityKey };
    }
    return { loop: null, unityKey };
  }

  private uint16(bytes: Buffer, offset: number): number {
    return this.bigEndian ? bytes.readUInt16BE(offset) : bytes.readUInt16LE(offset);
  }

  private uint32(bytes: Buffer, offset: number): number {
    return this.bigEndian ? bytes.readUInt32BE(offset) : bytes.readUInt32LE(offset);
  }

  private invalid(what: string): InstrumentError {
    const message = `The sample ${this.name} ${what}.`;
    return new InstrumentError('invalid-sample', message, [{ pointer: this.name, message }]);
  }
}
