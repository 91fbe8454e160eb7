import type { RenderOptions } from '../options/render-options.js';
import type { Performance } from '../score/performance.js';
import { beatAtBar, secondsAtBeat } from '../score/tempo-map.js';

/** A stretch of a score in seconds from its start; the end is null when it is the end of the render. */
export interface RangeSeconds {
  readonly start: number;
  readonly end: number | null;
}

/** The stretch that the options ask for. Bars are those of the performance, a count-in included. */
export function rangeInSeconds(range: RenderOptions['range'], performance: Performance): RangeSeconds {
  if (range === undefined) return { start: 0, end: null };
  if ('startSeconds' in range) return { start: range.startSeconds, end: range.endSeconds ?? null };
  const secondsAtBar = (bar: number) => secondsAtBeat(performance.tempoMap, beatAtBar(performance.tempoMap, bar));
  return {
    start: secondsAtBar(range.startBar),
    end: range.endBar === undefined ? null : secondsAtBar(range.endBar + 1),
  };
}
