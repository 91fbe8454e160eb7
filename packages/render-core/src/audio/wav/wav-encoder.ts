import { type AudioEncoder, ENCODER_BLOCK_FRAMES, type EncoderSettings } from '../audio-encoder.js';
import type { AudioSink } from '../audio-sink.js';
import { ByteWriter } from '../byte-writer.js';
import { Quantizer } from '../quantizer.js';
import { cueChunks, infoChunk, samplerLoopChunk } from './wav-metadata.js';

const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_EXTENSIBLE = 0xfffe;
/** KSDATAFORMAT_SUBTYPE_PCM and _IEEE_FLOAT share all but their first two bytes, which are the format tag. */
const SUBTYPE_TAIL = Uint8Array.of(0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71);
const LARGEST_UINT32 = 0xffffffff;

/**
 * WAV: RIFF, or RF64 (EBU Tech 3306) when it would exceed 4 GiB. Sizes are known before the first byte, so nothing is patched.
 * Metadata follows the samples, so that plain 16-bit files keep the 44-byte header that the simplest readers expect.
 */
export class WavEncoder implements AudioEncoder {
  readonly bitDepth: number;
  private readonly quantizer: Quantizer | null;
  private readonly numbers: Int32Array;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly trailer: Uint8Array;
  private readonly dataBytes: number;

  constructor(
    private readonly sink: AudioSink,
    private readonly settings: EncoderSettings,
  ) {
    const samples = ENCODER_BLOCK_FRAMES * settings.channelCount;
    this.bitDepth = settings.bitDepth;
    this.quantizer = settings.float ? null : new Quantizer(settings);
    this.numbers = new Int32Array(samples);
    this.bytes = new Uint8Array(samples * 4);
    this.view = new DataView(this.bytes.buffer);
    this.dataBytes = settings.frames * this.frameBytes;
    this.trailer = trailerChunks(settings, this.dataBytes);
    sink.write(this.header());
  }

  get clippedSamples(): number {
    return this.quantizer?.clippedSamples ?? 0;
  }

  write(signal: readonly Float32Array[], frames: number): void {
    const count = frames * this.settings.channelCount;
    if (this.quantizer === null) {
      this.packFloats(signal, frames);
    } else {
      this.quantizer.process(signal, frames, this.numbers);
      this.packIntegers(count);
    }
    this.sink.write(this.bytes.subarray(0, frames * this.frameBytes));
  }

  finish(): void {
    this.sink.write(this.trailer);
  }

  private get frameBytes(): number {
    return (this.settings.channelCount * this.settings.bitDepth) / 8;
  }

  private packFloats(signal: readonly Float32Array[], frames: number): void {
    const { channelCount } = this.settings;
    for (let channel = 0; channel < channelCount; channel++) {
      const samples = signal[channel]!;
      for (let i = 0; i < frames; i++) this.view.setFloat32(4 * (i * channelCount + channel), samples[i]!, true);
    }
  }

  private packIntegers(count: number): void {
    const { numbers, bytes, view } = this;
    switch (this.settings.bitDepth) {
      case 16:
        for (let i = 0; i < count; i++) view.setInt16(2 * i, numbers[i]!, true);
        break;
      case 24:
        for (let i = 0, at = 0; i < count; i++, at += 3) {
          const value = numbers[i]!;
          bytes[at] = value;
          bytes[at + 1] = value >> 8;
          bytes[at + 2] = value >> 16;
        }
        break;
      case 32:
        for (let i = 0; i < count; i++) view.setInt32(4 * i, numbers[i]!, true);
        break;
    }
  }

  private header(): Uint8Array {
    const format = this.formatChunk();
    const afterRiffSize = 4 + format.length + 8 + this.dataBytes + this.trailer.length;
    const large = afterRiffSize > LARGEST_UINT32;
    const writer = new ByteWriter().ascii(large ? 'RF64' : 'RIFF');
    writer.uint32(large ? LARGEST_UINT32 : afterRiffSize).ascii('WAVE');
    if (large) {
      writer
        .ascii('ds64')
        .uint32(28)
        .uint64(afterRiffSize + 36);
      writer.uint64(this.dataBytes).uint64(this.settings.frames).uint32(0);
    }
    writer
      .raw(format)
      .ascii('data')
      .uint32(large ? LARGEST_UINT32 : this.dataBytes);
    return writer.toBytes();
  }

  /** The plain form where it suffices: more than 16 bits of whole numbers call for WAVE_FORMAT_EXTENSIBLE, and everything but PCM for a `fact` chunk. */
  private formatChunk(): Uint8Array {
    const { channelCount, sampleRate, bitDepth, float, frames } = this.settings;
    const extensible = !float && bitDepth > 16;
    const tag = float ? FORMAT_FLOAT : extensible ? FORMAT_EXTENSIBLE : FORMAT_PCM;
    const writer = new ByteWriter().ascii('fmt ').uint32(extensible ? 40 : float ? 18 : 16);
    writer
      .uint16(tag)
      .uint16(channelCount)
      .uint32(sampleRate)
      .uint32(sampleRate * this.frameBytes);
    writer.uint16(this.frameBytes).uint16(bitDepth);
    if (float) writer.uint16(0).ascii('fact').uint32(4).uint32(Math.min(frames, LARGEST_UINT32));
    if (extensible) {
      const speakers = channelCount === 1 ? 0x4 : 0x3;
      writer.uint16(22).uint16(bitDepth).uint32(speakers).uint16(FORMAT_PCM).raw(SUBTYPE_TAIL);
    }
    return writer.toBytes();
  }
}

function trailerChunks(settings: EncoderSettings, dataBytes: number): Uint8Array {
  const writer = new ByteWriter();
  if (dataBytes % 2 === 1) writer.uint8(0);
  // Frame numbers in these chunks have 32 bits.
  const reachable = settings.markers.filter(({ frame }) => frame <= LARGEST_UINT32);
  if (settings.loop && settings.frames > 0 && settings.frames <= LARGEST_UINT32)
    writer.raw(samplerLoopChunk(settings.sampleRate, settings.frames));
  return writer.raw(cueChunks(reachable)).raw(infoChunk(settings.tags)).toBytes();
}
