import type { AudioEncoder, EncoderSettings } from './audio-encoder.js';
import type { AudioSink } from './audio-sink.js';
import { WavEncoder } from './wav/wav-encoder.js';

/** Opens the encoder of a format. */
export async function createEncoder(sink: AudioSink, settings: EncoderSettings): Promise<AudioEncoder> {
  switch (settings.format) {
    case 'wav':
      return new WavEncoder(sink, settings);
    default:
      throw new Error(`There is no encoder for ${settings.format} yet.`);
  }
}
