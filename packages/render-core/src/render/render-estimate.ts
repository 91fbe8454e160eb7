import { outputBitrateKbps, outputSampleRate } from '../audio/audio-format.js';
import type { RenderOptions } from '../options/render-options.js';
import type { Performance } from '../score/performance.js';
import { rangeInSeconds } from './range.js';
import { tailPolicy } from './tail.js';

/** What a render will take at most, known before it begins. */
export interface RenderEstimate {
  /** Seconds of audio that have to be rendered: everything up to the end of the range. */
  readonly renderedSeconds: number;
  /** Seconds of audio in the file. */
  readonly fileSeconds: number;
  /** Bytes of scratch files between the passes, stems included. */
  readonly scratchBytes: number;
  /** Bytes of all audio files; lossy formats count by their bit rate, FLAC as if it saved nothing. */
  readonly fileBytes: number;
}

export function estimateRender(performance: Performance, options: RenderOptions): RenderEstimate {
  const sampleRate = outputSampleRate(options);
  const policy = tailPolicy(options, performance);
  const longest = performance.endSeconds + policy.longest;
  const { start, end } = rangeInSeconds(options.range, performance);
  const renderedSeconds = Math.min(longest, end ?? longest);
  const storedSeconds = Math.max(0, renderedSeconds - start);
  const fileSeconds = policy.loop ? performance.endSeconds : storedSeconds;
  const signals = 1 + (options.stems ? performance.parts.length : 0);
  const lossy = options.format === 'mp3' || options.format === 'opus';
  const bytesPerSecond = lossy
    ? outputBitrateKbps(options) * 125
    : (sampleRate * options.channels * options.bitDepth) / 8;
  return {
    renderedSeconds,
    fileSeconds,
    scratchBytes: Math.ceil(storedSeconds * sampleRate) * options.channels * 4 * signals,
    fileBytes: Math.ceil(fileSeconds * bytesPerSecond) * signals,
  };
}
