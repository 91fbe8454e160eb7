import { describe, expect, test } from '@jest/globals';
import { parseScore } from '@musistrata/render-core';
import { BasicMIDI } from 'spessasynth_core';
import { randomSmf } from './random-smf.js';

/**
 * Another parser's notes, by channel, as [onset, key, velocity]. Of a key that is struck again while it sounds the two may pair ends differently;
 * onsets, keys and velocities may not differ.
 */
function notesByOther(bytes: Uint8Array): [number, number, number][][] {
  const midi = BasicMIDI.fromArrayBuffer(Uint8Array.from(bytes).buffer);
  return midi.getNoteTimes(0).map((notes) => notes.map((note) => [note.start, note.midiNote, note.velocity]));
}

const byTimeAndKey = (a: readonly number[], b: readonly number[]) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!;

describe('random MIDI files', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'file %d has the notes that spessasynth finds in it',
    async (seed) => {
      const bytes = randomSmf(seed);
      const score = await parseScore({ bytes });
      expect(score.warnings).toEqual([]);
      const theirs = notesByOther(bytes);
      expect(score.noteCount).toBe(theirs.reduce((sum, notes) => sum + notes.length, 0));
      for (const part of score.parts) {
        const ours = part.events.flatMap((event) =>
          event.kind === 'note' ? [[event.time, event.key, event.velocity]] : [],
        );
        // Theirs has velocity from 0 to 1 or from 0 to 127, as the version pleases.
        const scale = theirs.flat().every(([, , velocity]) => velocity <= 1) ? 127 : 1;
        const expected = theirs[part.channel! - 1]!.map(([time, key, velocity]) => [time, key, velocity * scale]);
        // Microseconds; shifted off the round numbers on which two exact sums may round differently.
        const rounded = (notes: readonly (readonly number[])[]) =>
          notes
            .map(([time, key, velocity]) => [Math.round(time! * 1e6 + 0.1234567), key!, Math.round(velocity!)])
            .sort(byTimeAndKey);
        expect(rounded(ours)).toEqual(rounded(expected));
      }
    },
  );

  test.each(Array.from({ length: 20 }, (_, seed) => 100 + seed))(
    'file %d has the controllers, programs and bends that spessasynth finds in it',
    async (seed) => {
      const bytes = randomSmf(seed);
      const score = await parseScore({ bytes });
      const midi = BasicMIDI.fromArrayBuffer(Uint8Array.from(bytes).buffer);
      for (const part of score.parts) {
        const theirs = midi.tracks.flatMap(({ events }) =>
          events
            .filter(
              ({ statusByte }) =>
                [0xb0, 0xc0, 0xe0].includes(statusByte & 0xf0) && (statusByte & 15) === part.channel! - 1,
            )
            .map(({ ticks, statusByte, data }) =>
              [Math.round(midi.midiTicksToSeconds(ticks) * 1e6 + 0.1234567), statusByte & 0xf0, ...data].join(),
            ),
        );
        const ours = part.events.flatMap((event) => {
          const time = Math.round(event.time * 1e6 + 0.1234567);
          if (event.kind === 'controller') return [[time, 0xb0, event.controller, event.value].join()];
          if (event.kind === 'program') return [[time, 0xc0, event.program].join()];
          return event.kind === 'pitchBend' ? [[time, 0xe0, event.value & 127, event.value >> 7].join()] : [];
        });
        expect(ours.sort()).toEqual(theirs.sort());
      }
    },
  );
});
