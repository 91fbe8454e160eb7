/** A stretch of constant tempo, from `beat` (quarter notes from the start) on. */
export interface TempoChange {
  readonly beat: number;
  /** Seconds from the start at which the stretch begins. */
  readonly seconds: number;
  readonly beatsPerMinute: number;
}

/** A time signature, in force from `beat` on. */
export interface MeterChange {
  readonly beat: number;
  /** Number of the bar that starts here, the first bar of a score being 1. */
  readonly bar: number;
  /** Length of one bar in quarter notes; MusiStrata bars may be fractional. */
  readonly beatsPerBar: number;
  readonly numerator: number;
  readonly denominator: number;
}

/** Relates beats (quarter notes), bars and seconds. Both lists are non-empty and start at beat 0. */
export interface TempoMap {
  readonly tempos: readonly TempoChange[];
  readonly meters: readonly MeterChange[];
}

/** Seconds from the start at which a beat falls. */
export function secondsAtBeat(map: TempoMap, beat: number): number {
  const change = lastAtOrBefore(map.tempos, (tempo) => tempo.beat, beat);
  return change.seconds + ((beat - change.beat) * 60) / change.beatsPerMinute;
}

/** Beat (quarter notes from the start) that sounds at a time in seconds. */
export function beatAtSeconds(map: TempoMap, seconds: number): number {
  const change = lastAtOrBefore(map.tempos, (tempo) => tempo.seconds, seconds);
  return change.beat + ((seconds - change.seconds) * change.beatsPerMinute) / 60;
}

/** Beat at which a bar starts; bars are numbered from 1, and may be fractional (1.5 is half way through the first). */
export function beatAtBar(map: TempoMap, bar: number): number {
  const meter = lastAtOrBefore(map.meters, (change) => change.bar, bar);
  return meter.beat + (bar - meter.bar) * meter.beatsPerBar;
}

function lastAtOrBefore<T>(changes: readonly T[], position: (change: T) => number, at: number): T {
  let low = 0;
  let high = changes.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (position(changes[middle]!) <= at) low = middle;
    else high = middle - 1;
  }
  return changes[low]!;
}
