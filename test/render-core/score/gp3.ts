/** Assembles a Guitar Pro 3 file byte by byte, as its format is commonly documented. */

const int = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];
const letters = (text: string) => [...text].map((letter) => letter.charCodeAt(0));
const text = (value: string) => [...int(value.length + 1), value.length, ...letters(value)];
const padded = (value: string, length: number) => [
  value.length,
  ...letters(value),
  ...Array<number>(length - value.length).fill(0),
];

export interface Gp3Note {
  /** 1 is the highest string. */
  readonly string: number;
  readonly fret: number;
}

export interface Gp3Song {
  readonly title: string;
  readonly copyright: string;
  readonly tempo: number;
  readonly tracks: readonly { readonly name: string; readonly drums: boolean; readonly program: number }[];
  /** By bar, then by track: quarter notes; null is a rest. */
  readonly bars: readonly (readonly (readonly (Gp3Note | null)[])[])[];
  /** Bars (from 0) of a repeated passage, played twice. */
  readonly repeat?: readonly [first: number, last: number];
}

/** Open strings of a guitar in standard tuning, from the highest. */
export const STANDARD_TUNING: readonly number[] = [64, 59, 55, 50, 45, 40];

export function gp3(song: Gp3Song): Uint8Array {
  const info = [song.title, '', '', '', '', song.copyright, '', ''].flatMap(text);
  const channels = Array.from({ length: 64 }, (_, channel) => {
    const track = song.tracks[channel === 9 ? -1 : channel];
    return [...int(track?.program ?? 0), 13, 8, 0, 0, 0, 0, 0, 0];
  }).flat();
  const headers = song.bars.flatMap((_, index) => {
    const opens = song.repeat?.[0] === index;
    const closes = song.repeat?.[1] === index;
    const flags = (index === 0 ? 3 : 0) | (opens ? 4 : 0) | (closes ? 8 : 0);
    return [flags, ...(index === 0 ? [4, 4] : []), ...(closes ? [1] : [])];
  });
  const tracks = song.tracks.flatMap(({ name, drums }, index) => [
    drums ? 1 : 0,
    ...padded(name, 40),
    ...int(6),
    ...[...STANDARD_TUNING, 0].flatMap((key) => int(drums ? 0 : key)),
    ...int(1),
    ...int(drums ? 10 : index + 1),
    ...int(drums ? 10 : index + 1),
    ...int(24),
    ...int(0),
    ...[255, 0, 0, 0],
  ]);
  const bars = song.bars.flatMap((bar) => bar.flatMap((beats) => [...int(beats.length), ...beats.flatMap(beat)]));
  return Uint8Array.from([
    ...padded('FICHIER GUITAR PRO v3.00', 30),
    ...info,
    ...int(0),
    0,
    ...int(song.tempo),
    ...int(0),
    ...channels,
    ...int(song.bars.length),
    ...int(song.tracks.length),
    ...headers,
    ...tracks,
    ...bars,
  ]);
}

function beat(note: Gp3Note | null): number[] {
  if (note === null) return [0x40, 2, 0, 0];
  // A quarter note: flags, duration, strings; then the note: its fret is given, its kind is normal.
  return [0, 0, 1 << (7 - note.string), 0x20, 1, note.fret];
}
