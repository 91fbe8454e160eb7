import { describe, expect, test } from '@jest/globals';
import type { PartEvent } from '@musistrata/render-core';
import { makeFont, sineSample } from './make-font.js';
import { controller, decibels, frequencyOf, note, play } from './play.js';

const RATE = 44100;
const DRUM = 69;

/** A kit whose drums are sines at their key's pitch, with generators for the drum that the tests are about. */
function kit(generators: readonly (readonly [number, number])[] = []): Uint8Array {
  return makeFont({
    samples: [sineSample(2205, 1)],
    instruments: [[{ generators: [[54, 1], ...generators], target: 0 }]],
    presets: [
      { bank: 128, zones: [{ target: 0 }] },
      { bank: 128, program: 8, zones: [{ target: 0 }] },
      { zones: [{ target: 0 }] },
    ],
  });
}

/** An unregistered parameter of a drum. */
function edit(msb: number, value: number, key = DRUM, time = 0): PartEvent[] {
  return [controller(time, 99, msb), controller(time, 98, key), controller(time, 6, value)];
}

async function strike(events: readonly PartEvent[], font = kit(), key = DRUM, percussion = true) {
  return await play(font, [...events, note(0.01, key, 0.5)], { seconds: 0.5, percussion });
}

const loudness = (signal: Float32Array) => Math.max(...signal.subarray(5000, 15000));

describe('drum parameters (NRPN 14H to 1EH of Roland GS and Yamaha XG)', () => {
  test('18H and 19H: semitones and cents around 64', async () => {
    for (const [semitones, cents] of [
      [0, 0],
      [-12, 0],
      [7, 30],
      [3, -64],
    ] as const) {
      const { left } = await strike([...edit(0x18, 64 + semitones), ...edit(0x19, 64 + cents)]);
      const heard = 1200 * Math.log2(frequencyOf(left, RATE, 1000, 20000) / 2205);
      expect(Math.abs(heard - 100 * semitones - cents)).toBeLessThan(0.05);
    }
  });

  test('1AH: the level along the curve of volume, 127 as the font has it, 0 silent', async () => {
    const whole = loudness((await strike([])).left);
    for (const level of [1, 40, 64, 100, 127]) {
      const turned = loudness((await strike(edit(0x1a, level))).left);
      expect(decibels(turned / whole)).toBeCloseTo(-40 * Math.log10(127 / level), 2);
    }
    expect(loudness((await strike(edit(0x1a, 0))).left)).toBeLessThan(whole * 1e-6);
  });

  test('1CH: the place takes that of the zone, and the pan of the part moves it; 0 leaves it', async () => {
    const font = kit([[17, 200]]);
    const angle = async (events: readonly PartEvent[]) => {
      const { left, right } = await strike(events, font);
      return (Math.atan2(loudness(right), loudness(left)) / (Math.PI / 2) - 0.5) * 1000;
    };
    expect(await angle([])).toBeCloseTo(200, 0);
    expect(await angle(edit(0x1c, 64))).toBeCloseTo(0, 0);
    expect(await angle(edit(0x1c, 1))).toBeCloseTo(-500, 0);
    expect(await angle(edit(0x1c, 95))).toBeCloseTo((31 * 500) / 63, 0);
    expect(await angle([...edit(0x1c, 95), controller(0, 10, 33)])).toBeCloseTo(0, 0);
    expect(await angle(edit(0x1c, 0))).toBeCloseTo(200, 0);
  });

  test('1CH leaves the sides of a stereo recording apart', async () => {
    const { left, right } = await strike(edit(0x1c, 64), kit([[17, 0xffff & -500]]));
    expect(loudness(left)).toBeGreaterThan(0.01);
    expect(loudness(right)).toBeLessThan(1e-6);
  });

  test.each([
    [0x1d, 91, 'reverb'],
    [0x1e, 93, 'chorus'],
  ] as const)('%d: its share of what controller %d sends to the %s', async (parameter, number, send) => {
    const sent = async (events: readonly PartEvent[]) =>
      loudness((await strike([controller(0, number, 127), ...events]))[send]);
    const whole = await sent([]);
    for (const value of [0, 64, 127]) expect((await sent(edit(parameter, value))) / whole).toBeCloseTo(value / 127, 4);
  });

  test('14H to 17H: cutoff in cents and resonance, and rates that make times shorter when they rise', async () => {
    const soft = await strike([], kit([[8, 9000]]));
    const edited = await strike(edit(0x14, 64 - 16), kit([[8, 10200]]));
    expect(loudness(edited.left)).toBeCloseTo(loudness(soft.left), 6);
    const peak = await strike(edit(0x15, 64 + 16), kit([[8, 9000]]));
    expect(loudness(peak.left)).toBeCloseTo(
      loudness(
        (
          await strike(
            [],
            kit([
              [8, 9000],
              [9, 60],
            ]),
          )
        ).left,
      ),
      6,
    );
    // Half of an attack of 2 ^ (-3600 / 1200) s, made 2 ^ (900 / 1200) times as long.
    const attack = 0.125 * 2 ** (900 / 1200);
    const { left } = await strike(edit(0x16, 64 - 16), kit([[34, -3600]]));
    const half = Math.round((0.01 + attack / 2) * RATE);
    const full = Math.max(...left.subarray(half + 6000, half + 7000));
    expect(Math.max(...left.subarray(half - 20, half + 20)) / full).toBeCloseTo(0.5, 2);
    const decaying = kit([
      [36, 0],
      [37, 1000],
    ]);
    const dry = (await strike(edit(0x17, 64 + 16), decaying)).left;
    const window = (time: number) => Math.max(...dry.subarray(time * RATE - 40, time * RATE + 40));
    expect(decibels(window(0.3) / window(0.1))).toBeCloseTo((-100 * 0.2) / 2 ** (-900 / 1200), 0);
  });

  test('only their own drum, only in kits, and only until another kit or a reset', async () => {
    const whole = loudness((await strike([])).left);
    const other = await play(kit(), [...edit(0x1a, 32), note(0.01, DRUM + 1, 0.5)], { seconds: 0.5, percussion: true });
    expect(loudness(other.left)).toBeCloseTo(whole, 3);
    expect(loudness((await strike(edit(0x1a, 32), kit(), DRUM, false)).left)).toBeCloseTo(whole, 6);
    const program: PartEvent = { kind: 'program', time: 0.005, program: 8 };
    expect(loudness((await strike([...edit(0x1a, 32), program])).left)).toBeCloseTo(whole, 6);
    const reset: PartEvent = { kind: 'system', time: 0.005, message: { type: 'reset', system: 'gs' } };
    expect(loudness((await strike([...edit(0x1a, 32), reset])).left)).toBeCloseTo(whole, 6);
  });
});
