import type { AudioEncoder, EncoderSettings } from './audio-encoder.js';
import type { AudioSink } from './audio-sink.js';
import { FlacEncoder } from './flac/flac-encoder.js';
import { Mp3Encoder } from './mp3/mp3-encoder.js';
import { OggOpusEncoder } from './ogg/opus-encoder.js';
import { WavEncoder } from './wav/wav-encoder.js';

/** Opens the encoder of a format. */
export async function createEncoder(sink: AudioSink, settings: EncoderSettings): Promise<AudioEncoder> {
  switch (settings.format) {
    case 'wav':
      return new WavEncoder(sink, settings);
    case 'flac':
      return new FlacEncoder(sink, settings);
    case 'mp3':
      return Mp3Encoder.open(sink, settings);
    case 'opus':
      return OggOpusEncoder.open(sink, settings);
  }
}
