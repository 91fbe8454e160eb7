import { beatAtBar, type Performance, type RenderOptions, secondsAtBeat } from '@musistrata/render-core';

/** Longest tail of `silence`. */
const longestSilenceTail = 30;
/** What a tail of `silence` usually takes. */
const usualSilenceTail = 3;

export interface ExpectedLength {
  /** What the audio will last, about. */
  readonly usualSeconds: number;
  /** What the audio cannot exceed. */
  readonly mostSeconds: number;
}

/** Length of the audio of a score, known before anything is rendered. */
export function expectedLength(performance: Performance, options: RenderOptions): ExpectedLength {
  const { tempoMap, endSeconds, defaultTail } = performance;
  const at = (bar: number) => secondsAtBeat(tempoMap, beatAtBar(tempoMap, bar));
  let start = 0;
  let end = endSeconds / options.tempoFactor;
  if (options.range && 'startBar' in options.range) {
    start = at(options.range.startBar) / options.tempoFactor;
    if (options.range.endBar !== undefined) end = Math.min(end, at(options.range.endBar + 1) / options.tempoFactor);
  } else if (options.range && 'startSeconds' in options.range) {
    start = options.range.startSeconds;
    if (options.range.endSeconds !== undefined) end = Math.min(end, options.range.endSeconds);
  }
  const countIn = options.countInBars > 0 ? at(1 + options.countInBars) / options.tempoFactor : 0;
  const music = countIn + Math.max(0, end - start);
  const tail = options.tail ?? (defaultTail === 'two-seconds' ? 2 : 'silence');
  if (typeof tail === 'number') return { usualSeconds: music + tail, mostSeconds: music + tail };
  if (tail !== 'silence') return { usualSeconds: music, mostSeconds: music };
  return { usualSeconds: music + usualSilenceTail, mostSeconds: music + longestSilenceTail };
}

/** Most bytes that all audio files of a render can take. */
export function mostOutputBytes(seconds: number, partCount: number, options: RenderOptions): number {
  const lossyKbps = options.bitrateKbps ?? (options.format === 'mp3' ? 192 : 128);
  const bytesPerSecond =
    options.format === 'wav' || options.format === 'flac'
      ? options.sampleRate * options.channels * (options.bitDepth / 8)
      : (lossyKbps * 1000) / 8;
  return Math.ceil(seconds * bytesPerSecond + 65_536) * (options.stems ? partCount + 1 : 1);
}
