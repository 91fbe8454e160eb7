import { describe, expect, test } from '@jest/globals';
import { controls, read } from './read-smf.js';
import { at, end, exclusive, note, smf } from './smf.js';

describe('system exclusive messages', () => {
  const twoParts = (messages: readonly number[]) =>
    smf(1, 96, [
      [...messages, ...end()],
      [...note(0, 1, 60, 96), ...note(96, 1, 60, 96), ...end()],
      [...note(0, 11, 60, 96), ...end()],
    ]);

  test.each([
    ['gm', [0x7e, 0x7f, 9, 1]],
    ['gm-off', [0x7e, 0x7f, 9, 2]],
    ['gm2', [0x7e, 0x7f, 9, 3]],
    ['gs', [0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7f, 0, 0x41]],
    ['gs', [0x41, 0x10, 0x42, 0x12, 0, 0, 0x7f, 1, 0]],
    ['xg', [0x43, 0x10, 0x4c, 0, 0, 0x7e, 0]],
  ])('a %s reset reaches every part', async (system, data) => {
    const score = await read(twoParts(exclusive(0, ...data)));
    for (const part of [0, 1])
      expect(controls(score, part)).toEqual([{ kind: 'system', message: { type: 'reset', system } }]);
  });

  test.each([
    ['universal', [0x7f, 0x7f, 4, 1, 0x7f, 0x3f], 8191 / 16383],
    ['GS', [0x41, 0x10, 0x42, 0x12, 0x40, 0, 4, 64, 0x78], 64 / 127],
    ['XG', [0x43, 0x10, 0x4c, 0, 0, 4, 64], 64 / 127],
  ])('%s master volume', async (_, data, value) => {
    expect(controls(await read(twoParts(exclusive(0, ...data))), 1)).toEqual([
      { kind: 'system', message: { type: 'masterVolume', value: expect.closeTo(value, 9) } },
    ]);
  });

  test('fine and coarse master tuning add up; coarse leaves drums alone', async () => {
    const messages = [...exclusive(0, 0x7f, 0x7f, 4, 3, 0, 0x50), ...exclusive(0, 0x7f, 0x7f, 4, 4, 0, 66)];
    const file = smf(1, 96, [
      [...messages, ...end()],
      [...note(0, 1, 60, 1), ...end()],
      [...note(0, 10, 60, 1), ...end()],
    ]);
    const score = await read(file);
    expect(controls(score, 0)).toEqual([{ kind: 'system', message: { type: 'masterTuning', cents: 225 } }]);
    expect(controls(score, 1)).toEqual([{ kind: 'system', message: { type: 'masterTuning', cents: 25 } }]);
  });

  test.each([
    ['GS', [0x41, 0x10, 0x42, 0x12, 0x40, 0, 0, 0, 7, 0xe, 8, 0]],
    ['XG', [0x43, 0x10, 0x4c, 0, 0, 0, 0, 7, 0xe, 8]],
  ])('%s master tune counts tenths of a cent', async (_, data) => {
    expect(controls(await read(twoParts(exclusive(0, ...data))))).toEqual([
      { kind: 'system', message: { type: 'masterTuning', cents: expect.closeTo(100, 9) } },
    ]);
  });

  test.each([
    ['GS, block A', [0x41, 0x10, 0x42, 0x12, 0x40, 0x1a, 0x15, 1, 0x10]],
    ['XG, part 10', [0x43, 0x10, 0x4c, 8, 10, 7, 2]],
  ])('a rhythm part: %s is channel 11', async (_, data) => {
    const score = await read(twoParts(exclusive(0, ...data)));
    expect(score.parts.map((part) => part.percussion)).toEqual([false, true]);
    expect(controls(score, 0)).toEqual([]);
    expect(controls(score, 1)).toEqual([{ kind: 'system', message: { type: 'percussion', on: true } }]);
    expect(score.parts[1]!.name).toBe('Standard Kit');
  });

  test('an XG drum bank makes a part percussion', async () => {
    const channel = [...at(0, 0xb2, 0, 127), ...at(0, 0xc2, 0), ...note(0, 3, 36, 1), ...end()];
    const xg = exclusive(0, 0x43, 0x10, 0x4c, 0, 0, 0x7e, 0);
    expect((await read(smf(1, 96, [[...xg, ...end()], channel]))).parts[0]!.percussion).toBe(true);
    expect((await read(smf(1, 96, [end(), channel]))).parts[0]!.percussion).toBe(false);
  });

  test('a part is no percussion any more after a bank of melodies or a reset', async () => {
    const xg = exclusive(0, 0x43, 0x10, 0x4c, 0, 0, 0x7e, 0);
    const select = (bank: number) => [...at(0, 0xb2, 0, bank), ...at(0, 0xc2, 0)];
    const drumsFirst = [...xg, ...select(127), ...note(0, 3, 36, 1)];
    const off = expect.objectContaining({ kind: 'system', message: { type: 'percussion', on: false } });
    for (const then of [select(0), xg]) {
      const score = await read(
        smf(0, 96, [[...drumsFirst, ...note(0, 3, 38, 1), ...then, ...note(0, 3, 60, 1), ...end()]]),
      );
      const { percussion, events } = score.parts[0]!;
      expect(percussion).toBe(true);
      expect(events.filter((event) => event.kind === 'note' || off.asymmetricMatch(event))).toEqual([
        expect.objectContaining({ key: 36 }),
        expect.objectContaining({ key: 38 }),
        off,
        expect.objectContaining({ key: 60 }),
      ]);
    }
  });

  test('coarse master tuning leaves a part alone once it is drums, however it becomes that', async () => {
    const coarse = exclusive(0, 0x7f, 0x7f, 4, 4, 0, 66);
    const rhythm = exclusive(0, 0x41, 0x10, 0x42, 0x12, 0x40, 0x13, 0x15, 1, 0);
    const xg = exclusive(0, 0x43, 0x10, 0x4c, 0, 0, 0x7e, 0);
    for (const messages of [
      [...coarse, ...rhythm],
      [...xg, ...coarse, ...at(0, 0xb2, 0, 127), ...at(0, 0xc2, 0)],
    ]) {
      const score = await read(smf(0, 96, [[...messages, ...note(0, 3, 36, 1), ...end()]]));
      const tunings = score.parts[0]!.events.flatMap((event) =>
        event.kind === 'system' && event.message.type === 'masterTuning' ? [event.message.cents] : [],
      );
      expect(tunings.at(-1)).toBe(0);
    }
  });

  test('part parameters with a controller become it', async () => {
    const gs = exclusive(0, 0x41, 0x10, 0x42, 0x12, 0x40, 0x11, 0x19, 100, 0x76);
    const xg = exclusive(0, 0x43, 0x10, 0x4c, 8, 0, 0x0e, 32);
    expect(controls(await read(twoParts([...gs, ...xg])))).toEqual([
      { kind: 'controller', controller: 7, value: 100 },
      { kind: 'controller', controller: 10, value: 32 },
    ]);
  });

  test.each([
    ['GS, map 2', [0x41, 0x10, 0x42, 0x12, 0x40, 0x1a, 0x15, 2, 0], [0x41, 0x10, 0x42, 0x12, 0x41, 0x12, 38, 90, 0]],
    ['XG, setup 2', [0x43, 0x10, 0x4c, 8, 10, 7, 3], [0x43, 0x10, 0x4c, 0x31, 38, 2, 90]],
  ])('drum parameters are unregistered ones of the parts that play the map: %s', async (_, mode, level) => {
    const messages = [...exclusive(0, ...mode), ...exclusive(0, ...level)];
    const file = smf(1, 96, [
      [...messages, ...end()],
      [...note(0, 10, 60, 1), ...end()],
      [...note(0, 11, 60, 1), ...end()],
    ]);
    const score = await read(file);
    const set = [
      [99, 0x1a],
      [98, 38],
      [6, 90],
      [101, 127],
      [100, 127],
    ].map(([number, value]) => ({ kind: 'controller', controller: number, value }));
    expect(controls(score, 0)).toEqual([]);
    expect(controls(score, 1)).toEqual([{ kind: 'system', message: { type: 'percussion', on: true } }, ...set]);
  });

  test('in pieces are put together', async () => {
    const pieces = [...at(0, 0xf0, 3, 0x7e, 0x7f, 9), ...at(0, 0xf7, 2, 1, 0xf7)];
    expect(controls(await read(twoParts(pieces)))).toEqual([
      { kind: 'system', message: { type: 'reset', system: 'gm' } },
    ]);
  });

  test('that are unknown are left out', async () => {
    expect(controls(await read(twoParts([...exclusive(0, 0x42, 1, 2, 3), ...at(0, 0xf7, 1, 0xf8)])))).toEqual([]);
  });
});

describe('the MIDI Tuning Standard', () => {
  const tuned = async (messages: readonly number[]) => {
    const score = await read(smf(0, 96, [[...messages, ...note(0, 1, 60, 96), ...end()]]));
    const events = score.parts[0]!.events.filter((event) => event.kind === 'system');
    return events.flatMap(({ message }) => (message.type === 'tuning' ? [message.cents] : []));
  };

  test('a single note change moves its key: 69 to half a semitone above 70', async () => {
    const [cents, ...more] = await tuned(exclusive(0, 0x7f, 0x7f, 8, 2, 0, 2, 69, 70, 0x40, 0, 60, 127, 127, 127));
    expect(more).toEqual([]);
    expect(cents![69]).toBe(150);
    expect(cents!.filter((value) => value !== 0)).toHaveLength(1);
  });

  test('a bulk dump is heard once its program is selected', async () => {
    const keys = Array.from({ length: 128 }, (_, key) => [key, 0x20, 0]).flat();
    const dump = exclusive(0, 0x7e, 0, 8, 1, 5, ...Array(16).fill(32), ...keys, 0);
    expect(await tuned(dump)).toEqual([]);
    const select = [...at(0, 0xb0, 101, 0), ...at(0, 100, 3), ...at(0, 6, 5)];
    expect(await tuned([...dump, ...select])).toEqual([Array(128).fill(25)]);
  });

  test('a program of another bank needs the bank selected too, by parameter 4', async () => {
    const change = exclusive(0, 0x7f, 0x7f, 8, 7, 3, 5, 1, 60, 61, 0, 0);
    const program = [...at(0, 0xb0, 101, 0), ...at(0, 100, 3), ...at(0, 6, 5)];
    const bank = [...at(0, 0xb0, 101, 0), ...at(0, 100, 4), ...at(0, 6, 3)];
    expect(await tuned([...change, ...program])).toEqual([]);
    const [cents] = await tuned([...change, ...program, ...bank]);
    expect(cents![60]).toBe(100);
  });

  test('scale tuning of one and two bytes, for the channels of its mask', async () => {
    const one = Array.from({ length: 12 }, (_, step) => 64 + step);
    expect((await tuned(exclusive(0, 0x7f, 0x7f, 8, 8, 0, 0, 1, ...one)))[0]!.slice(58, 63)).toEqual([10, 11, 0, 1, 2]);
    expect(await tuned(exclusive(0, 0x7f, 0x7f, 8, 8, 0, 0, 2, ...one))).toEqual([]);
    const two = Array.from({ length: 12 }, () => [0x20, 0]).flat();
    expect((await tuned(exclusive(0, 0x7e, 0x7f, 8, 9, 3, 127, 127, ...two)))[0]![60]).toBe(-50);
  });

  test('GS and XG scale tuning', async () => {
    const gs = exclusive(0, 0x41, 0x10, 0x42, 0x12, 0x40, 0x11, 0x40, ...Array(12).fill(54), 0);
    expect(await tuned(gs)).toEqual([Array(128).fill(-10)]);
    const [cents] = await tuned(exclusive(0, 0x43, 0x10, 0x4c, 8, 0, 0x43, 70));
    expect([cents![62], cents![63]]).toEqual([6, 0]);
  });
});
