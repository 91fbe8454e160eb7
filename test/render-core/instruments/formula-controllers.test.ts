import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SYNTH, FormulaSource } from '@musistrata/render-core';
import { formula } from './formula-rig.js';
import { amplitudeAt, cents, decibels, identical, lastSound, peak, pitchNear, steepest } from './measure.js';
import { controller, note, part, record, recordParts } from './rig.js';

const RATE = 44100;

describe('controllers of a formula part', () => {
  const synth = new FormulaSource(DEFAULT_SYNTH);

  test('volume and expression follow 40 log10 and arrive without a click', () => {
    const played = part([note({ duration: 2 }), controller(0.5, 7, 64), controller(1, 11, 32)]);
    const { left } = record(synth, played);
    const level = (from: number, to: number) =>
      decibels(peak(left, Math.round(from * RATE), Math.round(to * RATE)) / Math.SQRT1_2);
    expect(level(0.1, 0.5)).toBeCloseTo(0, 1);
    expect(level(0.6, 0.9)).toBeCloseTo(40 * Math.log10(64 / 127), 1);
    expect(level(1.1, 1.5)).toBeCloseTo(40 * Math.log10(64 / 127) + 40 * Math.log10(32 / 127), 1);
    expect(steepest(left)).toBeLessThan((2 * Math.PI * 440) / RATE);
  });

  test.each([
    [0, 1, 0],
    [1, 1, 0],
    [64, Math.SQRT1_2, Math.SQRT1_2],
    [96, Math.cos((95 / 126) * (Math.PI / 2)), Math.sin((95 / 126) * (Math.PI / 2))],
    [127, 0, 1],
  ])('pan %i has constant power', (value, left, right) => {
    const take = record(synth, part([controller(0, 10, value), note()]));
    expect(peak(take.left)).toBeCloseTo(left, 3);
    expect(peak(take.right)).toBeCloseTo(right, 3);
  });

  test('the wheel bends by the range of registered parameter 0', () => {
    const bent = part([
      controller(0, 101, 0),
      controller(0, 100, 0),
      controller(0, 6, 12),
      controller(0, 38, 50),
      note({ duration: 2 }),
      { kind: 'pitchBend', time: 0.5, value: 16383 },
      { kind: 'pitchBend', time: 1.25, value: 0 },
    ]);
    const { left } = record(synth, bent);
    const up = 440 * 2 ** (((8191 / 8192) * 1250) / 1200);
    const down = 440 * 2 ** (-1250 / 1200);
    expect(cents(pitchNear(left.subarray(26460, 55000), up, RATE) / up)).toBeCloseTo(0, 1);
    expect(cents(pitchNear(left.subarray(57000, 88000), down, RATE) / down)).toBeCloseTo(0, 1);
    expect(steepest(left)).toBeLessThan(0.13);
  });

  test('the sustain pedal holds, and lets go when it comes up', () => {
    const played = part([controller(0.05, 64, 127), note({ duration: 0.1 }), controller(1, 64, 0)]);
    const { left } = record(synth, played);
    expect(peak(left, 0.9 * RATE, RATE)).toBeCloseTo(Math.SQRT1_2, 3);
    expect(lastSound(left)).toBe(Math.round(1.5 * RATE) - 2);
  });

  test('the sostenuto pedal holds only what was down', () => {
    const played = part([
      note({ key: 60, duration: 0.2 }),
      controller(0.1, 66, 127),
      note({ key: 72, time: 0.15, duration: 0.1 }),
      controller(1.2, 66, 0),
    ]);
    const { left } = record(synth, played);
    const late = left.subarray(0.9 * RATE, 1.15 * RATE);
    expect(amplitudeAt(late, 261.626, RATE)).toBeCloseTo(Math.SQRT1_2, 3);
    expect(amplitudeAt(late, 523.251, RATE)).toBeLessThan(1e-4);
  });

  test('a pedal that never comes up does not sound for ever', () => {
    const played = part([controller(0, 64, 127), note({ duration: 0.1 }), controller(1, 7, 100)]);
    const { left, active } = record(synth, played);
    expect(lastSound(left)).toBeLessThan(1.5 * RATE);
    expect(active).toBe(false);
  });

  test.each([
    [120, 0.006],
    [123, 0.5],
  ])('controller %i ends what sounds', (number, tail) => {
    const { left } = record(synth, part([note({ duration: 2 }), controller(0.5, number, 0)]));
    expect(lastSound(left) / RATE).toBeGreaterThan(0.5);
    expect(lastSound(left) / RATE).toBeLessThan(0.5 + tail);
    expect(steepest(left)).toBeLessThan(0.06);
  });

  test('sends are a fifth of the level at 127, after the volume', () => {
    const played = part([controller(0, 91, 127), controller(0, 93, 64), controller(0, 7, 64), note()]);
    const { reverb, chorus } = record(synth, played);
    const volume = (64 / 127) ** 2;
    expect(peak(reverb)).toBeCloseTo(0.2 * volume, 4);
    expect(peak(chorus)).toBeCloseTo(0.2 * (64 / 127) * volume, 4);
  });

  test('scores other than MusiStrata songs send a little to the reverb by themselves', () => {
    const { left, reverb } = record(synth, part([note()], { velocityCurve: 'source' }));
    expect(peak(reverb) / (peak(left) / Math.SQRT1_2)).toBeCloseTo((0.2 * 40) / 127, 3);
    expect(peak(record(synth, part([note()])).reverb)).toBe(0);
  });

  test('a reset restores the defaults, master volume scales', () => {
    const played = part([
      controller(0, 7, 10),
      { kind: 'system', time: 0.25, message: { type: 'reset', system: 'gm' } },
      { kind: 'system', time: 0.25, message: { type: 'masterVolume', value: 0.5 } },
      note({ time: 0.5 }),
    ]);
    expect(peak(record(synth, played).left)).toBeCloseTo(Math.SQRT1_2 / 4, 4);
  });

  test('the sound does not depend on the division into blocks', () => {
    const source = formula(
      '0.5 * saw(frequency * (1 + 0.01 * sin(30 * time))) + 0.1 * noise() + square(frequency, time)',
    );
    const parts = [0, 1].map((index) =>
      part(
        [
          note({ time: 0.1 + index / 777, duration: 0.3 }),
          note({ time: 0.101, key: 50, duration: 0.2 }),
          controller(0.15, 7, 40),
          controller(0.2, 10, 10),
          { kind: 'pitchBend', time: 0.22, value: 3000 },
          controller(0.3, 64, 127),
          controller(0.4, 64, 0),
          note({ time: 0.45, key: 80, duration: 0.1 }),
          controller(0.48, 120, 0),
        ],
        { index },
      ),
    );
    const whole = recordParts(source, parts, { maxVoices: 3, seconds: 0.55 });
    for (const divisions of [[1024, 1, 63, 64, 65], [37]]) {
      const divided = recordParts(source, parts, { divisions, maxVoices: 3, seconds: 0.55 });
      for (const line of ['left', 'right', 'reverb', 'chorus'] as const) {
        expect(divided.every((take, index) => identical(take[line], whole[index]![line]))).toBe(true);
      }
    }
  });

  test('the voice limit cuts the note that was let go first, and counts it', () => {
    const played = part([
      note({ key: 60, duration: 2 }),
      note({ key: 67, duration: 0.1 }),
      note({ key: 72, time: 0.2, duration: 2 }),
    ]);
    const { left, stolenNotes } = record(synth, played, { maxVoices: 2 });
    expect(stolenNotes).toBe(1);
    const late = left.subarray(0.25 * RATE, 0.5 * RATE);
    expect(amplitudeAt(late, 261.626, RATE)).toBeGreaterThan(0.7);
    expect(amplitudeAt(late, 391.995, RATE)).toBeLessThan(1e-3);
    expect(amplitudeAt(late, 523.251, RATE)).toBeGreaterThan(0.7);
  });
});
