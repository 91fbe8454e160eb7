import { createMp3Encoder, type WasmMediaEncoder } from 'wasm-media-encoders';
import type { AudioEncoder, EncoderSettings } from '../audio-encoder.js';
import type { AudioSink } from '../audio-sink.js';
import { id3Tag } from './id3-tag.js';
import { infoFrame, type Mp3Header, mp3Bitrates, mp3FrameLength, parseMp3Header } from './mp3-frame.js';

/** Frames by which LAME delays; decoders delay by 529 more, which the tag does not count. */
const ENCODER_DELAY = 576;
/** Frames that LAME appends at least, its delay included, before it fills up the last MP3 frame. */
const ADDED_FRAMES = 1152;

type Mp3Parameters = Parameters<WasmMediaEncoder<'audio/mpeg'>['configure']>[0];

/** MP3 of constant bit rate through LAME, with an ID3v2.4 tag and an info frame for exact length. */
export class Mp3Encoder implements AudioEncoder {
  readonly bitDepth = null;
  readonly clippedSamples = 0;
  private readonly start: number;
  private header: Mp3Header | null = null;

  private constructor(
    private readonly sink: AudioSink,
    private readonly settings: EncoderSettings,
    private readonly lame: WasmMediaEncoder<'audio/mpeg'>,
  ) {
    sink.write(id3Tag(settings));
    this.start = sink.position;
  }

  static async open(sink: AudioSink, settings: EncoderSettings): Promise<Mp3Encoder> {
    const { sampleRate, channelCount } = settings;
    const lame = await createMp3Encoder();
    const bitrate = nearest(mp3Bitrates(sampleRate), settings.bitrateKbps);
    // The types list the rates one by one; the options schema and mp3Bitrates() have just these.
    lame.configure({ sampleRate, channels: channelCount, bitrate, outputSampleRate: sampleRate } as Mp3Parameters);
    return new Mp3Encoder(sink, settings, lame);
  }

  write(signal: readonly Float32Array[], frames: number): void {
    this.put(this.lame.encode(signal.map((samples) => samples.subarray(0, frames))));
  }

  finish(): void {
    this.put(this.lame.finalize());
    if (this.header === null) return;
    const { sampleRate, frames } = this.settings;
    const length = mp3FrameLength(sampleRate);
    const frameCount = Math.ceil((frames + ADDED_FRAMES) / length);
    this.sink.patch(this.start, this.info(this.header, frameCount, frameCount * length - ENCODER_DELAY - frames));
  }

  private put(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.header === null) {
      this.header = parseMp3Header(bytes);
      this.sink.write(this.info(this.header, 0, 0));
    }
    this.sink.write(bytes);
  }

  private info(header: Mp3Header, frameCount: number, padding: number): Uint8Array {
    const byteCount = this.sink.position - this.start;
    return infoFrame(header, this.settings.sampleRate, { frameCount, byteCount, delay: ENCODER_DELAY, padding });
  }
}

function nearest(rates: readonly number[], wanted: number): number {
  return rates.reduce((best, rate) => (Math.abs(rate - wanted) < Math.abs(best - wanted) ? rate : best));
}
