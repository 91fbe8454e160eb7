import { describe, expect, test } from '@jest/globals';
import {
  DEFAULT_SYNTH,
  FormulaSource,
  type Humanization,
  humanize,
  loadSoundFont,
  type NoteEvent,
  type Performance,
  standardCatalogue,
} from '@musistrata/render-core';
import { amplitudeAt, cents, decibels, pitchNear } from './measure.js';
import { controller, note, part, record, scoreOf } from './rig.js';

const settings = (given: Partial<Humanization> = {}): Humanization => ({
  timingSeconds: 0,
  velocity: 0,
  tone: 0,
  detuneCents: 0,
  ...given,
});

const many = part(
  Array.from({ length: 2000 }, (_, index) => note({ time: 1 + index / 40, velocity: 64, duration: 0.02 })),
);

function notesOf(performance: Performance, index = 0): NoteEvent[] {
  return performance.parts[index]!.events.filter((event) => event.kind === 'note');
}

function spread(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { mean, deviation, most: Math.max(...values.map(Math.abs)) };
}

describe('humanization', () => {
  test('strays within its bounds, evenly to both sides', () => {
    const played = notesOf(
      humanize(scoreOf(many), settings({ timingSeconds: 0.01, velocity: 8, detuneCents: 5, tone: 0.5 }), 1),
    );
    // The mean of three even deviations has a standard deviation of 1/3.
    const timing = spread(played.map((event, index) => (event.time - (1 + index / 40)) / 0.01));
    const velocity = spread(played.map((event) => (event.velocity - 64) / 8));
    const pitch = spread(played.map((event) => event.detuneCents! / 5));
    for (const { mean, deviation, most } of [timing, velocity, pitch]) {
      expect(Math.abs(mean)).toBeLessThan(0.03);
      expect(deviation).toBeCloseTo(1 / 3, 1);
      expect(most).toBeLessThanOrEqual(1);
    }
    const corners = played.map((event) => event.lowPassHz!);
    expect(Math.max(...corners)).toBeLessThanOrEqual(18000);
    expect(Math.min(...corners)).toBeGreaterThanOrEqual(4500);
    expect(played.every((event) => event.duration === 0.02)).toBe(true);
  });

  test('equal seeds give equal performances, and a part does not depend on the others', () => {
    const bounds = settings({ timingSeconds: 0.01, velocity: 8 });
    const alone = humanize(scoreOf(many), bounds, 7);
    expect(humanize(scoreOf(many), bounds, 7)).toEqual(alone);
    expect(notesOf(humanize(scoreOf(many, part([note()])), bounds, 7))).toEqual(notesOf(alone));
    expect(notesOf(humanize(scoreOf(many), bounds, 8))).not.toEqual(notesOf(alone));
    expect(notesOf(humanize(scoreOf(many, many), bounds, 7), 1)).not.toEqual(notesOf(alone));
  });

  test('no settings change nothing', () => {
    expect(humanize(scoreOf(many), settings(), 1)).toEqual(scoreOf(many));
  });

  test('notes stay on their side of programs and resets, at or after 0, and events in order', () => {
    const events = Array.from({ length: 200 }, (_, index) => [
      { kind: 'program', time: index / 10, program: index % 128 } as const,
      note({ time: index / 10, duration: 0.01 }),
      note({ time: index / 10 + 0.099, duration: 0.01 }),
      controller(index / 10 + 0.1 - 1e-9, 120, 0),
    ]).flat();
    const [played] = humanize(scoreOf(part(events)), settings({ timingSeconds: 0.05 }), 3).parts;
    let program = -1;
    let seen = 0;
    let before = 0;
    for (const event of played!.events) {
      expect(event.time).toBeGreaterThanOrEqual(before);
      before = event.time;
      if (event.kind === 'program') {
        if (program >= 0) expect(seen).toBe(2);
        program = event.program;
        seen = 0;
      }
      if (event.kind === 'note') seen++;
    }
  });

  test('silence stays silent, and the end follows a note that strays beyond it', () => {
    const silent = humanize(scoreOf(part([note({ velocity: 0 })])), settings({ velocity: 20 }), 1);
    expect(notesOf(silent)[0]!.velocity).toBe(0);
    const late = scoreOf(...Array.from({ length: 20 }, () => part([note({ time: 59, duration: 1 })])));
    const played = humanize(late, settings({ timingSeconds: 0.05 }), 1);
    const end = Math.max(...played.parts.flatMap(({ events }) => events.map((event) => event.time + 1)));
    expect(played.endSeconds).toBeCloseTo(end, 9);
  });

  test('sound fonts play pitch and tone of single notes', async () => {
    const { defaultSoundFont } = standardCatalogue();
    const font = await loadSoundFont(defaultSoundFont!);
    // Program 80, the square lead, is steady.
    const preset = { bank: 0, program: 80, percussion: false };
    const play = (given: Partial<NoteEvent>) =>
      record(font, part([note({ key: 57, ...given })]), { preset, seconds: 1 }).left.subarray(8192, 8192 + 16384);
    const plain = play({});
    const pitch = pitchNear(plain, 220, 44100);
    const detuned = play({ detuneCents: 20 });
    expect(Math.abs(cents(pitchNear(detuned, pitch * 2 ** (20 / 1200), 44100) / pitch) - 20)).toBeLessThan(1);
    const dark = play({ lowPassHz: 300 });
    const harmonic = (line: Float32Array) => amplitudeAt(line, 7 * pitch, 44100) / amplitudeAt(line, pitch, 44100);
    expect(decibels(harmonic(dark) / harmonic(plain))).toBeLessThan(-12);
  });

  test('sources play pitch and tone of single notes', () => {
    const synth = new FormulaSource(DEFAULT_SYNTH);
    const { left } = record(synth, part([note({ detuneCents: 20, lowPassHz: 440 })]));
    const steady = left.subarray(8192, 8192 + 16384);
    const expected = 440 * 2 ** (20 / 1200);
    expect(Math.abs(cents(pitchNear(steady, expected, 44100) / expected))).toBeLessThan(0.05);
    // First order at its corner, raised by 20 cents.
    expect(decibels(amplitudeAt(steady, expected, 44100) / Math.SQRT1_2)).toBeCloseTo(-3.06, 1);
  });
});
