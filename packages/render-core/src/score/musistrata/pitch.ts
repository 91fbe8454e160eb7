/**
 * How MusiStrata's octaves become keys. A note's height is 12 x octave + semitone.
 *
 * - `midi`: key = height, as MusiStrata's own MIDI files have it: C5 is key 60, 261.63 Hz.
 * - `scientific`: key = height + 12, as its frequencies have it: C5 is key 72, 523.25 Hz.
 * - `seed`: what the first renderer made of it. Sample folders and sound fonts took key = height - 12, so C5 is key 48, 130.81 Hz;
 *   formulas took the scientific frequency for radians per second, so that a formula asked for this reading plays key k at
 *   16.35 x 2^((k + 12) / 12) / 2 pi Hz.
 */
export type PitchReading = 'midi' | 'scientific' | 'seed';

const SEMITONES: Readonly<Record<string, number>> = {
  C: 0,
  CS: 1,
  D: 2,
  DS: 3,
  E: 4,
  F: 5,
  FS: 6,
  G: 7,
  GS: 8,
  A: 9,
  AS: 10,
  B: 11,
};

const KEY_OF_HEIGHT_ZERO: Readonly<Record<PitchReading, number>> = { midi: 0, scientific: 12, seed: -12 };

/** Height of a note whose name is known to be valid. */
export function noteHeight(name: string, octave: number): number {
  return 12 * octave + SEMITONES[name.toUpperCase()]!;
}

/** What to add to a height to get its key. */
export function keyOffset(reading: PitchReading, octaveShift: number): number {
  return KEY_OF_HEIGHT_ZERO[reading] + 12 * octaveShift;
}
