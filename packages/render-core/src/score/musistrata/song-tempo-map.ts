import type { TempoMap } from '../tempo-map.js';

/** Smallest note that a time signature of MIDI or MusicXML is usually written in. */
const SMALLEST_BEAT = 64;

/** A song has one tempo and one metre throughout; a bar of 3.5 beats is written 7/8. */
export function songTempoMap(beatsPerMinute: number, beatsPerBar: number): TempoMap {
  let denominator = 4;
  while (denominator < SMALLEST_BEAT && !Number.isInteger((beatsPerBar * denominator) / 4)) denominator *= 2;
  const exact = (beatsPerBar * denominator) / 4;
  const [numerator, unit] = Number.isInteger(exact) ? [exact, denominator] : [Math.max(1, Math.round(beatsPerBar)), 4];
  return {
    tempos: [{ beat: 0, seconds: 0, beatsPerMinute }],
    meters: [{ beat: 0, bar: 1, beatsPerBar, numerator, denominator: unit }],
  };
}
