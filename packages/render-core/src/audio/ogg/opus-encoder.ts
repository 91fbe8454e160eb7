import { createEncoder, loadLibopus, type OpusEncoderHandle, Signal } from 'libopus-wasm';
import type { AudioEncoder, EncoderSettings } from '../audio-encoder.js';
import type { AudioSink } from '../audio-sink.js';
import { ByteWriter } from '../byte-writer.js';
import { vorbisComment } from '../vorbis-comment.js';
import { OggWriter } from './ogg-writer.js';

const SAMPLE_RATE = 48000;
/** 20 ms. */
const PACKET_FRAMES = 960;
const PACKETS_PER_PAGE = 50;

/** Opus in Ogg (RFC 7845) through libopus. */
export class OggOpusEncoder implements AudioEncoder {
  readonly bitDepth = null;
  readonly clippedSamples = 0;
  private readonly ogg: OggWriter;
  private readonly samples: Float32Array;
  private filled = 0;
  private packets = 0;
  private readonly preSkip: number;

  private constructor(
    sink: AudioSink,
    private readonly settings: EncoderSettings,
    private readonly opus: OpusEncoderHandle,
    version: string,
  ) {
    this.ogg = new OggWriter(sink, settings.seed);
    this.samples = new Float32Array(PACKET_FRAMES * settings.channelCount);
    this.preSkip = opus.getLookahead();
    const head = new ByteWriter().ascii('OpusHead').uint8(1).uint8(settings.channelCount).uint16(this.preSkip);
    head.uint32(SAMPLE_RATE).uint16(0).uint8(0);
    this.ogg.packet(head.toBytes(), 0);
    this.ogg.flush(false);
    const tags = new ByteWriter().ascii('OpusTags').raw(vorbisComment(version, settings));
    this.ogg.packet(tags.toBytes(), 0);
    this.ogg.flush(false);
  }

  static async open(sink: AudioSink, settings: EncoderSettings): Promise<OggOpusEncoder> {
    if (settings.sampleRate !== SAMPLE_RATE) throw new RangeError(`Opus needs ${SAMPLE_RATE} Hz`);
    const { version } = await loadLibopus();
    const opus = await createEncoder({
      channels: settings.channelCount,
      sampleRate: SAMPLE_RATE,
      frameSize: PACKET_FRAMES,
      bitrate: settings.bitrateKbps * 1000,
      signal: Signal.Music,
      vbr: true,
    });
    try {
      return new OggOpusEncoder(sink, settings, opus, version);
    } catch (error) {
      opus.free();
      throw error;
    }
  }

  write(signal: readonly Float32Array[], frames: number): void {
    const { samples } = this;
    const { channelCount } = this.settings;
    for (let i = 0; i < frames; i++) {
      for (let channel = 0; channel < channelCount; channel++)
        samples[this.filled * channelCount + channel] = signal[channel]![i]!;
      if (++this.filled === PACKET_FRAMES) this.encode();
    }
  }

  /** The codec delays by the pre-skip, so silence follows until the last frame has come out; the final granule position cuts what is too much. */
  finish(): void {
    while (this.filled > 0 || this.packets * PACKET_FRAMES < this.end) {
      this.samples.fill(0, this.filled * this.settings.channelCount);
      this.encode();
    }
    if (this.packets === 0) this.encode();
    this.ogg.flush(true);
  }

  close(): void {
    this.opus.free();
  }

  private get end(): number {
    return this.settings.frames + this.preSkip;
  }

  private encode(): void {
    if (this.packets > 0 && this.packets % PACKETS_PER_PAGE === 0) this.ogg.flush(false);
    const packet = this.opus.encodeFloat(this.samples);
    this.packets++;
    this.filled = 0;
    this.ogg.packet(packet, Math.min(this.packets * PACKET_FRAMES, this.end));
  }
}
