import { KernelBlocks } from '../../synth/kernel-blocks.js';
import { type KernelMemory, kernelMemory } from '../../synth/kernel-memory.js';
import { KernelSignal } from '../../synth/kernel-signal.js';
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
  private readonly memory: KernelMemory = kernelMemory();
  private readonly blocks = new KernelBlocks(this.memory);
  /** Samples as they are, for floating point. */
  private readonly signals: readonly KernelSignal[];
  private readonly packed: Uint8Array;
  private readonly trailer: Uint8Array;
  private readonly dataBytes: number;

  constructor(
    private readonly sink: AudioSink,
    private readonly settings: EncoderSettings,
  ) {
    const samples = ENCODER_BLOCK_FRAMES * settings.channelCount;
    this.bitDepth = settings.bitDepth;
    this.quantizer = settings.float ? null : new Quantizer(settings);
    this.signals = Array.from(
      { length: settings.channelCount },
      () => new KernelSignal(this.memory, ENCODER_BLOCK_FRAMES),
    );
    this.packed = this.memory.bytes(this.blocks.take(samples * 4), samples * 4);
    this.dataBytes = settings.frames * this.frameBytes;
    this.trailer = trailerChunks(settings, this.dataBytes);
    sink.write(this.header());
  }

  get clippedSamples(): number {
    return this.quantizer?.clippedSamples ?? 0;
  }

  write(signal: readonly Float32Array[], frames: number): void {
    const { quantizer, packed } = this;
    quantizer?.process(signal, frames);
    const [left, right = 0] = quantizer
      ? quantizer.lines.map((line) => line.byteOffset)
      : this.signals.map((kernelSignal, channel) => kernelSignal.enter(signal[channel]!, 0, frames));
    this.memory.kernel.pack(left!, right, packed.byteOffset, frames, this.bitDepth / 8);
    this.sink.write(packed.subarray(0, frames * this.frameBytes));
  }

  finish(): void {
    if (this.dataBytes > 0) this.sink.write(this.trailer);
  }

  close(): void {
    this.quantizer?.close();
    for (const signal of this.signals) signal.close();
    this.blocks.close();
  }

  private get frameBytes(): number {
    return (this.settings.channelCount * this.settings.bitDepth) / 8;
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
      // What follows an empty `data` chunk is taken for samples by readers that know such chunks from recorders that were cut off.
      .raw(this.dataBytes === 0 ? this.trailer : new Uint8Array())
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
