import type { RenderOptions } from '../options/render-options.js';

export type AudioFormat = RenderOptions['format'];

/** The media type of a format (RFC 3003, RFC 7845, RFC 9639; `audio/wav` after the WHATWG MIME sniffing standard) and its usual file name extension. */
export const AUDIO_FORMATS: Readonly<
  Record<AudioFormat, { readonly contentType: string; readonly extension: string }>
> = {
  wav: { contentType: 'audio/wav', extension: 'wav' },
  flac: { contentType: 'audio/flac', extension: 'flac' },
  mp3: { contentType: 'audio/mpeg', extension: 'mp3' },
  opus: { contentType: 'audio/ogg', extension: 'opus' },
};

/** The sample rate that a render with these options has: Opus knows only 48 kHz. */
export function outputSampleRate(options: Pick<RenderOptions, 'format' | 'sampleRate'>): number {
  return options.format === 'opus' ? 48000 : options.sampleRate;
}

/** Kilobits a second of a lossy file: what is asked for, or what the format is usually heard at. */
export function outputBitrateKbps({ format, bitrateKbps }: Pick<RenderOptions, 'format' | 'bitrateKbps'>): number {
  return bitrateKbps ?? (format === 'opus' ? 128 : 192);
}
