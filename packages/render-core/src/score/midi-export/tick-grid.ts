import type { MeterChange } from '../tempo-map.js';
import { beatAtSeconds, type TempoMap } from '../tempo-map.js';

export const TICKS_PER_QUARTER = 960;
/** A tempo event has three bytes of microseconds: nothing is slower than 3.58 beats a minute. */
const LONGEST_QUARTER = 0xffffff;

interface GridTempo {
  readonly tick: number;
  readonly microsecondsPerQuarter: number;
}

/**
 * Puts times on ticks: each is rounded by itself from the start, so that nothing drifts. Music too slow for a tempo event is written in longer notes:
 * one beat is `scale` quarter notes.
 */
export class TickGrid {
  readonly scale: number;

  constructor(private readonly map: TempoMap) {
    const slowest = map.tempos.reduce(
      (least, tempo) => Math.min(least, tempo.beatsPerMinute),
      Number.POSITIVE_INFINITY,
    );
    this.scale = Math.ceil(60e6 / slowest / LONGEST_QUARTER);
  }

  tickAt(seconds: number): number {
    return this.#tickAtBeat(beatAtSeconds(this.map, seconds));
  }

  #tickAtBeat(beat: number): number {
    return Math.max(0, Math.round(beat * this.scale * TICKS_PER_QUARTER));
  }

  tempos(): GridTempo[] {
    return this.map.tempos.map(({ beat, beatsPerMinute }) => ({
      tick: this.#tickAtBeat(beat),
      microsecondsPerQuarter: Math.min(LONGEST_QUARTER, Math.max(1, Math.round(60e6 / (beatsPerMinute * this.scale)))),
    }));
  }

  meters(): (MeterChange & { readonly tick: number })[] {
    return this.map.meters.map((meter) => ({
      ...meter,
      numerator: meter.numerator * this.scale,
      tick: this.#tickAtBeat(meter.beat),
    }));
  }
}
