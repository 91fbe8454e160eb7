import type { AudioEncoder, EncoderSettings } from './audio-encoder.js';
import type { AudioSink } from './audio-sink.js';
import { WavEncoder } from './wav/wav-encoder.js';

/** Opens the encoder of a format. Those other than WAV are loaded when they are first asked for: their libraries are large. */
export async function createEncoder(sink: AudioSink, settings: EncoderSettings): Promise<AudioEncoder> {
  switch (settings.format) {
    case 'wav':
      return new WavEncoder(sink, settings);
    case 'flac':
      return new (await import('./flac/flac-encoder.js')).FlacEncoder(sink, settings);
    case 'mp3':
      return (await import('./mp3/mp3-encoder.js')).Mp3Encoder.open(sink, settings);
    case 'opus':
      return (await import('./ogg/opus-encoder.js')).OggOpusEncoder.open(sink, settings);
  }
}
