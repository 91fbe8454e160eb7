import type { Song } from '@musistrata/render-core';

type SongEvent = NonNullable<NonNullable<Song['Tracks'][number]['Bars']>[number]['SoundEvents']>[number];

/** A sound event: beat, length, note such as "Cs5", velocity. */
export function event(beat: number, duration: number, note: string, velocity = 60): SongEvent {
  const [, name, octave] = /^([A-G]s?)(\d+)$/.exec(note)!;
  return { Beat: beat, Duration: duration, Note: { Name: name!, Octave: Number(octave) }, Velocity: velocity };
}

export function track(
  name: string,
  instrument: string | number,
  bars: readonly (readonly SongEvent[])[],
  more: { readonly IsDrumsTrack?: boolean; readonly BankUsed?: number } = {},
): Song['Tracks'][number] {
  return {
    Name: name,
    Instrument: instrument,
    Bars: bars.map((events) => ({ SoundEvents: [...events] })),
    IsDrumsTrack: false,
    BankUsed: 0,
    ...more,
  };
}

const NAMES = ['C', 'Cs', 'D', 'Ds', 'E', 'F', 'Fs', 'G', 'Gs', 'A', 'As', 'B'];
const chromatic = (octave: number, velocity: number) =>
  NAMES.map((name, index) => event(index / 3, 1 / 3, `${name}${octave}`, velocity + 5 * index));

/** Fractional tempo, triplets, all note names, velocities 1 to 127, three kinds of instrument, a name that is not ASCII. */
export const everyField: Song = {
  Tempo: 97.5,
  BeatsPerBar: 4,
  Tracks: [
    track(
      'Lead – mélodie',
      'SoundFont_Piano',
      [chromatic(3, 8), chromatic(4, 18), chromatic(5, 28), chromatic(3, 38)],
      {
        BankUsed: 2,
      },
    ),
    track('Pad', 'Default_Synth', [
      [event(0, 4, 'C4', 40), event(0, 4, 'E4', 40), event(0, 4, 'G4', 40)],
      [event(0, 2, 'F4', 55), event(2, 2, 'A4', 70)],
      [],
      [event(0, 3.999, 'C4', 100)],
    ]),
    track(
      'Bells',
      'test_synth',
      [
        [event(0.125, 0.0625, 'As6', 127), event(4 / 3, 2 / 3, 'Fs6', 1)],
        [],
        [event(3.75, 0.25, 'B5')],
        [event(0, 1, 'Cs2')],
      ],
      { BankUsed: 127 },
    ),
    track(
      'Guitar',
      'Acoustic_Guitar',
      Array(4).fill([event(0, 1, 'C5'), event(1, 1, 'E5'), event(2, 1, 'G5'), event(3, 1, 'C6')]),
    ),
  ],
};

/** Equal pitches that overlap, disorder, no length, a pick-up, a beat past its bar, notes that outlast the bars. */
export const overlapOverhang: Song = {
  Tempo: 60,
  BeatsPerBar: 4,
  Tracks: [
    track('Same pitch twice', 'Default_Synth', [
      [event(2, 2, 'C5'), event(0, 3, 'C5'), event(1, 0, 'E5'), event(3.5, 0.25, 'C5')],
      [event(-0.5, 0.5, 'G4'), event(4, 1, 'A4'), event(3, 6, 'B4')],
    ]),
    track('Longer than any sample', 'Default_Synth', [[event(0, 30, 'C4', 30)], []]),
  ],
};

/** Tracks of different length, without bars, without events, and silent. */
export const unequalEmptySilent: Song = {
  Tempo: 100,
  BeatsPerBar: 4,
  Tracks: [
    track('One bar', 'Default_Synth', [[event(0, 1, 'C5')]]),
    track('Three bars', 'test_synth', [[], [event(0, 1, 'D5')], [event(3, 1, 'E5')]]),
    track('No bars', 'Default_Synth', []),
    track('Empty bars', 'Default_Synth', [[], []]),
    track('Silent', 'Default_Synth', [[event(0, 4, 'C5', 0)]]),
  ],
};

const melody = (name: string, instrument: string | number, beat: number, note: string, velocity: number, bank = 0) =>
  track(name, instrument, Array(4).fill([event(beat, 1, note, velocity)]), { BankUsed: bank });
const hat = (beat: number) => event(beat, 0.1, 'Fs3', 50);

/** General MIDI names, a program number, banks, and a drums track in the middle. */
export const band: Song = {
  Tempo: 120,
  BeatsPerBar: 4,
  Tracks: [
    melody('Part 1', 'Acoustic Grand Piano', 0, 'C4', 60),
    melody('Part 2', 'Vibraphone', 1, 'G5', 61),
    melody('Part 3', 'Electric Bass (finger)', 2, 'D4', 62),
    track(
      'Drums',
      '',
      Array(4).fill([
        event(0, 0.25, 'C3', 90),
        event(2.5, 0.25, 'C3', 90),
        event(1, 0.25, 'D3', 100),
        event(3, 0.25, 'D3', 100),
        ...[0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5].map(hat),
      ]),
      { IsDrumsTrack: true },
    ),
    melody('Part 4', 'String Ensemble 1', 3, 'A5', 63, 8),
    melody('By number', 11, 0, 'C5', 64),
  ],
};

/** Eleven eighths in a bar, slowly. */
export const elevenEight: Song = {
  Tempo: 41.25,
  BeatsPerBar: 5.5,
  Tracks: [
    track(
      'One',
      'Acoustic Grand Piano',
      Array(2).fill([event(0, 1.5, 'D4', 70), event(1.5, 1.5, 'F4'), event(3, 1, 'A4'), event(4, 1.5, 'C5', 90)]),
    ),
  ],
};
