import { describe, expect, test } from '@jest/globals';
import { parseScore, ScoreError } from '@musistrata/render-core';
import { randomNumbers } from './random.js';
import { randomSmf } from './random-smf.js';
import { end, exclusive, note, rmid, smf } from './smf.js';
import { band, elevenEight, everyField } from './songs.js';

const LIMITS = { maxNotes: 100_000, maxEvents: 400_000 };

/** Changes, removes, repeats or inserts a few stretches. */
function mutate(original: Uint8Array, seed: number): Uint8Array {
  const random = randomNumbers(seed);
  let bytes = [...original];
  for (let count = 1 + random.below(6); count > 0; count--) {
    const at = random.below(bytes.length + 1);
    const length = 1 + random.below(8);
    const stretch = Array.from({ length }, () => [random.below(256), 0, 127, 128, 255][random.below(5)]!);
    switch (random.below(5)) {
      case 0:
        bytes[at] = random.below(256);
        break;
      case 1:
        bytes.splice(at, length, ...stretch);
        break;
      case 2:
        bytes.splice(at, length);
        break;
      case 3:
        bytes.splice(at, 0, ...bytes.slice(at, at + length));
        break;
      default:
        if (random.below(4) === 0) bytes = bytes.slice(0, at);
    }
  }
  return Uint8Array.from(bytes);
}

/** Reads mutations of a score. What is read must be sound; what is refused must be refused by a ScoreError. */
async function readMutations(
  original: Uint8Array,
  count: number,
  hint: string,
): Promise<{ read: number; refused: number }> {
  const outcome = { read: 0, refused: 0 };
  for (let seed = 0; seed < count; seed++) {
    try {
      const score = await parseScore({ bytes: mutate(original, seed) }, { hint, limits: LIMITS });
      outcome.read++;
      for (const part of score.parts) {
        let time = 0;
        for (const event of part.events) {
          if (!(event.time >= time))
            throw new Error(`seed ${seed}: an event at ${event.time} stands after one at ${time}`);
          time = event.time;
          if (event.kind === 'note' && !(event.duration >= 0 && event.key >= 0 && event.key <= 127))
            throw new Error(`seed ${seed}: ${JSON.stringify(event)}`);
        }
        if (!(time <= score.endSeconds + 1e-9)) throw new Error(`seed ${seed}: an event after the end`);
      }
    } catch (error) {
      if (!(error instanceof ScoreError)) throw error;
      outcome.refused++;
    }
  }
  return outcome;
}

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('mutated scores are read or refused, never worse', () => {
  test.each([
    ['random files', [1, 2, 3, 4].map(randomSmf)],
    [
      'system exclusive',
      [
        smf(0, 96, [
          [
            ...exclusive(0, 0x7f, 0x7f, 8, 2, 0, 1, 69, 70, 0, 0),
            ...exclusive(0, 0x41, 0x10, 0x42, 0x12, 0x40, 0x1a, 0x15, 1, 0),
            ...exclusive(0, 0x43, 0x10, 0x4c, 8, 0, 0x41, 70),
            ...note(0, 1, 60, 9),
            ...note(0, 11, 60, 9),
            ...end(),
          ],
        ]),
      ],
    ],
    [
      'wrapped and timed in frames',
      [
        rmid(
          smf(2, 0xe728, [
            [...note(0, 1, 60, 9), ...end()],
            [...note(0, 1, 60, 9), ...end()],
          ]),
          { INAM: 'x' },
        ),
      ],
    ],
  ])('MIDI: %s', async (_, originals) => {
    for (const original of originals) {
      const { read, refused } = await readMutations(original, 1000, 'x.mid');
      expect(read).toBeGreaterThan(0);
      expect(refused).toBeGreaterThan(0);
    }
  });

  test('MusiStrata songs', async () => {
    for (const song of [everyField, band, elevenEight]) {
      const { read, refused } = await readMutations(text(song), 300, 'application/json');
      expect(read).toBeGreaterThan(0);
      expect(refused).toBeGreaterThan(0);
    }
  });
});
