import { describe, expect, test } from '@jest/globals';
import {
  DRUM_KITS,
  DRUM_NAMES,
  drumKeyByName,
  drumKitByName,
  editDistance,
  GENERAL_MIDI_PROGRAMS,
  GENERAL_MIDI_STANDARD_NAMES,
  nearestNames,
  programByName,
  programFamily,
} from '@musistrata/render-core';

describe('General MIDI names', () => {
  test('there are 128 different programs', () => {
    expect(new Set(GENERAL_MIDI_PROGRAMS).size).toBe(128);
  });

  // Program numbers from the General MIDI System Level 1 sound set (which counts from 1).
  test.each([
    ['Acoustic Grand Piano', 1],
    ['Celesta', 9],
    ['Tubular Bells', 15],
    ['Tango Accordion', 24],
    ['Guitar harmonics', 32],
    ['Slap Bass 2', 38],
    ['Timpani', 48],
    ['Muted Trumpet', 60],
    ['Muted Trombone', 60],
    ['Clavi', 8],
    ['Ocarina', 80],
    ['Lead 8 (bass+lead)', 88],
    ['FX 8 (sci-fi)', 104],
    ['Bagpipe', 110],
    ['Gunshot', 128],
  ])('%s is program %d', (name, number) => {
    expect(programByName(name)).toBe(number - 1);
  });

  test('case, spaces and punctuation do not matter', () => {
    for (const [program, name] of GENERAL_MIDI_PROGRAMS.entries()) {
      expect(programByName(name)).toBe(program);
      expect(programByName(name.toUpperCase().replaceAll(/[ ()+-]/g, '_'))).toBe(program);
    }
    for (const [program, name] of GENERAL_MIDI_STANDARD_NAMES) expect(programByName(name)).toBe(program);
    expect(programByName('Kazoo')).toBeNull();
    expect(programByName('')).toBeNull();
  });

  test('families hold eight programs each', () => {
    expect(programFamily(0)).toBe('Piano');
    expect(programFamily(7)).toBe('Piano');
    expect(programFamily(8)).toBe('Chromatic Percussion');
    expect(programFamily(73)).toBe('Pipe');
    expect(programFamily(127)).toBe('Sound Effects');
  });

  // Keys from the General MIDI percussion map.
  test.each([
    ['Bass Drum 1', 36],
    ['side stick', 37],
    ['Closed Hi-Hat', 42],
    ['Crash Cymbal 1', 49],
    ['Claves', 75],
    ['Open Triangle', 81],
    ['High Q', 27],
    ['Open Surdo', 87],
  ])('%s is drum key %d', (name, key) => {
    expect(drumKeyByName(name)).toBe(key);
  });

  test('drum names cover keys 27 to 87', () => {
    expect([...DRUM_NAMES.keys()]).toEqual(Array.from({ length: 61 }, (_, index) => 27 + index));
    expect(new Set(DRUM_NAMES.values()).size).toBe(61);
  });

  test('kits are found as kits or drums', () => {
    for (const [program, name] of DRUM_KITS) expect(drumKitByName(name)).toBe(program);
    expect(drumKitByName('JAZZ drums')).toBe(32);
    expect(drumKitByName('Jazz')).toBeNull();
  });
});

describe('nearest names', () => {
  test.each([
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['ab', 'ba', 1],
    ['same', 'same', 0],
  ])('%p to %p takes %d edits', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
  });

  test('typing mistakes and parts of names lead to the name', () => {
    expect(nearestNames('Vibrafone', GENERAL_MIDI_PROGRAMS)[0]).toBe('Vibraphone');
    expect(nearestNames('acustic grand paino', GENERAL_MIDI_PROGRAMS, 1)).toEqual(['Acoustic Grand Piano']);
    expect(nearestNames('harp', GENERAL_MIDI_PROGRAMS, 5)).toContain('Orchestral Harp');
    expect(nearestNames('Kazoo', GENERAL_MIDI_PROGRAMS)).toHaveLength(3);
    expect(nearestNames('x', [])).toEqual([]);
  });

  test('a name of a million letters costs no more than a short one', () => {
    expect(nearestNames('x'.repeat(1_000_000), GENERAL_MIDI_PROGRAMS)).toHaveLength(3);
  });
});
