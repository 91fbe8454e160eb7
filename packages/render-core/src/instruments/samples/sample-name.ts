/** What the name of a sample file says. */
export interface SampleName {
  /** What stands before the key: the instrument. */
  readonly prefix: string;
  /** MIDI key at which the sample sounds as recorded. */
  readonly key: number;
  /** Highest velocity that it plays (`_v80`), null when the name does not say. */
  readonly highVelocity: number | null;
  /** Turn among equals (`_rr2`), from 1. */
  readonly roundRobin: number;
}

const NAME = /^(?:(.*?)[_ ])?(-?\d{1,3}|[A-G](?:#|s|b)?-?\d{1,2})((?:[_ ](?:v|rr)\d{1,3})*)\.wav$/i;
const SEMITONES: Readonly<Record<string, number>> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const ACCIDENTALS: Readonly<Record<string, number>> = { '#': 1, s: 1, b: -1 };

/**
 * Reads `<name>_<key>.wav`, where the key is a MIDI key number (`Harp_48.wav`, also negative) or a note name (`Harp_C#4.wav`),
 * followed by `_v<highest velocity>` and `_rr<turn>` if need be. `middleCOctave` is the octave number of key 60. Null for other names.
 */
export function parseSampleName(file: string, middleCOctave: number): SampleName | null {
  const match = NAME.exec(file);
  if (match === null) return null;
  const [, prefix = '', keyText = '', suffixes = ''] = match;
  const key = parseKey(keyText, middleCOctave);
  if (key === null) return null;
  const highVelocity = /[_ ]v(\d+)/i.exec(suffixes)?.[1];
  const roundRobin = /[_ ]rr(\d+)/i.exec(suffixes)?.[1];
  const velocity = highVelocity === undefined ? null : Math.min(127, Math.max(1, Number(highVelocity)));
  return { prefix, key, highVelocity: velocity, roundRobin: Math.min(64, Math.max(1, Number(roundRobin ?? 1))) };
}

/** MIDI key of a number or a note name; null for anything else. */
export function parseKey(text: string, middleCOctave: number): number | null {
  if (/^-?\d+$/.test(text)) return Number(text);
  const match = /^([A-G])(#|s|b)?(-?\d+)$/i.exec(text);
  if (match === null) return null;
  const [, letter = '', accidental, octave] = match;
  const semitone = SEMITONES[letter.toUpperCase()]! + (ACCIDENTALS[accidental?.toLowerCase() ?? ''] ?? 0);
  return 60 + 12 * (Number(octave) - middleCOctave) + semitone;
}
