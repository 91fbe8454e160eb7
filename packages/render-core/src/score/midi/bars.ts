import type { MeterChange } from '../tempo-map.js';

/** A time signature event, in quarter notes from the start. */
export interface TimeSignature {
  readonly beat: number;
  readonly numerator: number;
  readonly denominator: number;
}

/** A change this close to a bar line, in bars, is on it. */
const ON_THE_BAR_LINE = 1e-6;

/** Numbers the bars. 4/4 holds until the first time signature; a bar that a change breaks off counts as a bar. */
export function meterChanges(signatures: readonly TimeSignature[]): MeterChange[] {
  const meters: MeterChange[] = [{ beat: 0, bar: 1, beatsPerBar: 4, numerator: 4, denominator: 4 }];
  for (const { beat, numerator, denominator } of signatures) {
    const last = meters.at(-1)!;
    const bars = Math.ceil((beat - last.beat) / last.beatsPerBar - ON_THE_BAR_LINE);
    const change = { beat, bar: last.bar + bars, beatsPerBar: (4 * numerator) / denominator, numerator, denominator };
    if (beat === last.beat) meters[meters.length - 1] = change;
    else if (
      numerator !== last.numerator ||
      denominator !== last.denominator ||
      bars * last.beatsPerBar !== beat - last.beat
    )
      meters.push(change);
  }
  return meters;
}
