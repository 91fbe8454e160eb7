import type { TempoChange } from '../tempo-map.js';
import type { Division } from './midi-file.js';

/** The tempo of a file that sets none: 120 beats a minute. */
export const DEFAULT_MICROSECONDS_PER_QUARTER = 500_000;

/** A tempo event: from `tick` on a quarter note takes so many microseconds. */
export interface TickTempo {
  readonly tick: number;
  readonly microsecondsPerQuarter: number;
}

/**
 * Turns ticks into seconds. Time is summed up in integers (ticks x microseconds), so that it is exact however often the tempo changes.
 */
export class TickClock {
  readonly #ticks: number[] = [];
  readonly #microseconds: number[] = [];
  /** Ticks x microseconds per quarter, up to the start of each stretch. */
  readonly #elapsed: number[] = [];
  readonly #unitsPerSecond: number;
  /** A file timed in SMPTE frames is given a quarter note every half second. */
  readonly ticksPerQuarter: number;
  #at = 0;

  /** @param tempos in order; of several at one tick the last counts. */
  constructor(division: Division, tempos: readonly TickTempo[]) {
    if ('ticksPerSecond' in division) {
      this.#unitsPerSecond = division.ticksPerSecond;
      this.ticksPerQuarter = division.ticksPerSecond / 2;
      this.#begin(0, 1);
      return;
    }
    this.ticksPerQuarter = division.ticksPerQuarter;
    this.#unitsPerSecond = division.ticksPerQuarter * 1e6;
    this.#begin(0, DEFAULT_MICROSECONDS_PER_QUARTER);
    for (const tempo of tempos) this.#begin(tempo.tick, tempo.microsecondsPerQuarter);
  }

  #begin(tick: number, microseconds: number): void {
    const last = this.#ticks.length - 1;
    if (last >= 0 && this.#ticks[last] === tick) {
      this.#microseconds[last] = microseconds;
      return;
    }
    this.#elapsed.push(last < 0 ? 0 : this.#elapsed[last]! + (tick - this.#ticks[last]!) * this.#microseconds[last]!);
    this.#ticks.push(tick);
    this.#microseconds.push(microseconds);
  }

  /** Seconds from the start; at once when ticks grow a little from call to call. */
  secondsAt(tick: number): number {
    if (!this.#holds(tick)) {
      this.#at++;
      if (!this.#holds(tick)) this.#search(tick);
    }
    const at = this.#at;
    return (this.#elapsed[at]! + (tick - this.#ticks[at]!) * this.#microseconds[at]!) / this.#unitsPerSecond;
  }

  #holds(tick: number): boolean {
    const start = this.#ticks[this.#at];
    const next = this.#ticks[this.#at + 1];
    return start !== undefined && start <= tick && (next === undefined || tick < next);
  }

  #search(tick: number): void {
    let low = 0;
    let high = this.#ticks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#ticks[middle]! <= tick) low = middle;
      else high = middle - 1;
    }
    this.#at = low;
  }

  tempoChanges(): TempoChange[] {
    const changes: TempoChange[] = [];
    for (const [index, tick] of this.#ticks.entries()) {
      const beatsPerMinute = (60 * this.#unitsPerSecond) / (this.#microseconds[index]! * this.ticksPerQuarter);
      if (changes.at(-1)?.beatsPerMinute === beatsPerMinute) continue;
      changes.push({
        beat: tick / this.ticksPerQuarter,
        seconds: this.#elapsed[index]! / this.#unitsPerSecond,
        beatsPerMinute,
      });
    }
    return changes;
  }
}
