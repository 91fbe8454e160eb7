import { describe, expect, test } from '@jest/globals';
import type { PartEvent } from '@musistrata/render-core';
import { constantSample, makeFont, sineSample } from './make-font.js';
import { controller, note, play } from './play.js';

/** A limit that is never reached makes the engine render every note afresh: it must not be heard. */
const AFRESH = { maxVoices: 30000 };

const font = makeFont({
  samples: [sineSample(), constantSample(0.3, 3000)],
  instruments: [
    [
      {
        generators: [
          [43, 127 << 8],
          [8, 7000],
          [11, 2000],
          [28, 0],
          [5, 30],
          [54, 1],
          [38, -1200],
        ],
        target: 0,
      },
      {
        generators: [
          [17, 200],
          [38, -3000],
        ],
        target: 1,
      },
    ],
    [
      {
        generators: [
          [57, 1],
          [54, 1],
          [38, 0],
        ],
        target: 0,
      },
    ],
  ],
  presets: [{ zones: [{ target: 0 }] }, { program: 1, zones: [{ target: 1 }] }],
});

async function heardAlike(events: readonly PartEvent[], seconds = 3): Promise<void> {
  const afresh = await play(font, events, { seconds, ...AFRESH });
  const remembered = await play(font, events, { seconds });
  expect(afresh.left.some((value) => value !== 0)).toBe(true);
  expect(remembered).toEqual(afresh);
}

describe('notes that repeat are remembered, which nobody hears', () => {
  test('when they overlap, at any alignment, in unison', () =>
    heardAlike(Array.from({ length: 40 }, (_, i) => note(Math.floor(i / 2) * 0.0531, 60 + (i % 3), 0.2))));

  test('while volume, pan and sends move', () =>
    heardAlike([
      ...Array.from({ length: 20 }, (_, i) => [
        note(i * 0.1, 60, 0.3),
        controller(i * 0.1 + 0.05, [7, 10, 91, 93, 11][i % 5]!, i * 6),
      ]).flat(),
    ]));

  test('but not those that a pitch bend or the modulation wheel changes on the way', () =>
    heardAlike([
      ...Array.from({ length: 10 }, (_, i) => note(i * 0.1, 60, 0.25)),
      { kind: 'pitchBend', time: 0.93, value: 12000 } as const,
      ...Array.from({ length: 10 }, (_, i) => note(1 + i * 0.1, 60, 0.25)),
      controller(2.5, 1, 127),
    ]));

  test('when lengths, velocities and releases differ', () =>
    heardAlike([
      ...Array.from({ length: 30 }, (_, i) => [
        controller(i * 0.1 + 0.03, 72, 64 + ((i * 7) % 40)),
        note(i * 0.0917, 60 + (i % 2), 0.05 + ((i * 5) % 11) * 0.04, 40 + ((i * 29) % 80)),
      ]).flat(),
    ]));

  test('when the one that is rendered is cut while others still need it', () =>
    heardAlike([
      { kind: 'program', time: 0, program: 1 },
      ...Array.from({ length: 12 }, (_, i) => note(i * 0.05, 60 + (i % 2), 1)),
      controller(0.9, 120, 0),
      note(1, 60, 1),
      note(1.2, 60, 1),
    ]));
});
