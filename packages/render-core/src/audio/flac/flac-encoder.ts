import { createHash } from 'node:crypto';
import { KernelBlocks } from '../../synth/kernel-blocks.js';
import { type KernelMemory, kernelMemory } from '../../synth/kernel-memory.js';
import { type AudioEncoder, ENCODER_BLOCK_FRAMES, type EncoderSettings } from '../audio-encoder.js';
import type { AudioSink } from '../audio-sink.js';
import { Quantizer } from '../quantizer.js';
import { vorbisComment } from '../vorbis-comment.js';
import { FlacFrameEncoder } from './flac-frame.js';
import { FLAC_BLOCK_SIZE } from './flac-workspace.js';
import { SeekTable } from './seek-table.js';

const STREAMINFO_BYTES = 34;
const STREAMINFO = 0;
const SEEKTABLE = 3;
const VORBIS_COMMENT = 4;
const LAST_BLOCK = 0x80;

/** FLAC (RFC 9639), 16 or 24 bits, in blocks of 4096 frames. The checksum of the samples, the frame sizes and the seek table are filled in at the end. */
export class FlacEncoder implements AudioEncoder {
  readonly bitDepth: 16 | 24;
  private readonly quantizer: Quantizer;
  private readonly frames: FlacFrameEncoder;
  private readonly memory: KernelMemory = kernelMemory();
  private readonly blocks = new KernelBlocks(this.memory);
  private readonly packed: Uint8Array;
  private blockLength = 0;
  private frameNumber = 0;
  private smallestFrame = 0xffffff;
  private largestFrame = 0;
  private readonly md5 = createHash('md5');
  private readonly seekTable: SeekTable;
  /** Where the contents of the seek table and the first frame stand in the file. */
  private readonly seekTableAt: number;
  private readonly firstFrameAt: number;

  constructor(
    private readonly sink: AudioSink,
    private readonly settings: EncoderSettings,
  ) {
    const { channelCount, sampleRate } = settings;
    this.bitDepth = settings.bitDepth === 16 ? 16 : 24;
    this.quantizer = new Quantizer({ ...settings, bitDepth: this.bitDepth });
    this.frames = new FlacFrameEncoder(sampleRate, this.bitDepth, channelCount);
    const packedBytes = (ENCODER_BLOCK_FRAMES * channelCount * this.bitDepth) / 8;
    this.packed = this.memory.bytes(this.blocks.take(packedBytes), packedBytes);
    sink.expectPatches();
    sink.write(new TextEncoder().encode('fLaC'));
    sink.write(metadataHeader(STREAMINFO, STREAMINFO_BYTES));
    sink.write(this.streamInfo(new Uint8Array(16)));
    this.seekTable = new SeekTable(settings.frames, sampleRate);
    const table = this.seekTable.toBytes();
    if (table.length > 0) sink.write(metadataHeader(SEEKTABLE, table.length));
    this.seekTableAt = sink.position;
    sink.write(table);
    const comment = vorbisComment('Musistrata Render', settings);
    sink.write(metadataHeader(VORBIS_COMMENT | LAST_BLOCK, comment.length));
    sink.write(comment);
    this.firstFrameAt = sink.position;
  }

  get clippedSamples(): number {
    return this.quantizer.clippedSamples;
  }

  write(signal: readonly Float32Array[], frames: number): void {
    const { lines } = this.quantizer;
    this.quantizer.process(signal, frames);
    this.updateChecksum(frames);
    for (let from = 0; from < frames; ) {
      const count = Math.min(frames - from, FLAC_BLOCK_SIZE - this.blockLength);
      for (const [channel, samples] of this.frames.lines.entries())
        samples.set(lines[channel]!.subarray(from, from + count), this.blockLength);
      this.blockLength += count;
      from += count;
      if (this.blockLength === FLAC_BLOCK_SIZE) this.writeFrame();
    }
  }

  finish(): void {
    if (this.blockLength > 0) this.writeFrame();
    this.sink.patch(8, this.streamInfo(this.md5.digest()));
    const table = this.seekTable.toBytes();
    if (table.length > 0) this.sink.patch(this.seekTableAt, table);
  }

  close(): void {
    this.quantizer.close();
    this.frames.close();
    this.blocks.close();
  }

  private writeFrame(): void {
    const frame = this.frames.encode(this.blockLength, this.frameNumber);
    const first = this.frameNumber * FLAC_BLOCK_SIZE;
    this.seekTable.add(first, this.sink.position - this.firstFrameAt, this.blockLength);
    this.sink.write(frame);
    this.frameNumber++;
    this.blockLength = 0;
    this.smallestFrame = Math.min(this.smallestFrame, frame.length);
    this.largestFrame = Math.max(this.largestFrame, frame.length);
  }

  /** The MD5 of the samples as interleaved little-endian numbers (RFC 9639 section 8.2). */
  private updateChecksum(frames: number): void {
    const [left, right] = this.quantizer.lines;
    const { packed, bitDepth } = this;
    const bytes = bitDepth / 8;
    this.memory.kernel.pack(left!.byteOffset, right?.byteOffset ?? 0, packed.byteOffset, frames, bytes);
    this.md5.update(packed.subarray(0, frames * this.settings.channelCount * bytes));
  }

  private streamInfo(md5: Uint8Array): Uint8Array {
    const { sampleRate, channelCount, frames } = this.settings;
    const bytes = new Uint8Array(STREAMINFO_BYTES);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, FLAC_BLOCK_SIZE);
    view.setUint16(2, FLAC_BLOCK_SIZE);
    if (this.frameNumber > 0) {
      setUint24(view, 4, this.smallestFrame);
      setUint24(view, 7, this.largestFrame);
    }
    // 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of frames.
    const high = sampleRate * 4096 + (channelCount - 1) * 512 + (this.bitDepth - 1) * 16;
    view.setUint32(10, high + Math.floor(frames / 2 ** 32));
    view.setUint32(14, frames % 2 ** 32);
    bytes.set(md5, 18);
    return bytes;
  }
}

function metadataHeader(type: number, length: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint8(0, type);
  setUint24(view, 1, length);
  return new Uint8Array(view.buffer);
}

function setUint24(view: DataView, at: number, value: number): void {
  view.setUint8(at, value >> 16);
  view.setUint16(at + 1, value & 0xffff);
}
