import { describe, expect, test } from '@jest/globals';
import { parseScore } from '@musistrata/render-core';
import { controls, notes, read, refusal } from './read-smf.js';
import { at, chunk, end, exclusive, note, rmid, smf } from './smf.js';

describe('a damaged file', () => {
  const good = [...note(0, 1, 60, 96), ...end()];
  const header = (tracks: number) => chunk('MThd', [0, 1, 0, tracks, 0, 96]);
  const file = (...pieces: readonly number[][]) => Uint8Array.from(pieces.flat());

  test.each([
    ['no end of track', file(header(1), chunk('MTrk', note(0, 1, 60, 96))), 1],
    ['a chunk length beyond the file, but a complete track', file(header(1), chunk('MTrk', good, 999)), 1],
    [
      'a chunk length that reaches into the next track',
      file(header(2), chunk('MTrk', good, good.length + 5), chunk('MTrk', good)),
      2,
    ],
    ['a chunk length that is too short', file(header(2), chunk('MTrk', good, good.length - 5), chunk('MTrk', good)), 2],
    ['junk between tracks', file(header(2), chunk('MTrk', good), [0, 1, 2, 3, 4], chunk('MTrk', good)), 2],
    ['junk after the last track', file(header(1), chunk('MTrk', good), Array(20).fill(0)), 1],
    ['fewer tracks than announced', file(header(3), chunk('MTrk', good)), 1],
    ['a velocity over 127', file(header(1), chunk('MTrk', [...at(0, 0x90, 60, 200), ...at(96, 60, 0), ...end()])), 1],
  ])('with %s is read with a warning', async (_, bytes, count) => {
    const score = await read(bytes);
    expect(score.noteCount).toBe(count);
    expect(notes(score)[0]!.duration).toBe(0.5);
    expect(score.warnings.length).toBeGreaterThan(0);
  });

  test('foreign chunks and a longer header are no damage', async () => {
    const long = chunk('MThd', [0, 1, 0, 1, 0, 96, 7, 7]);
    expect((await read(file(long, chunk('XFIH', [1, 2, 3]), chunk('MTrk', good)))).warnings).toEqual([]);
  });

  test('a file in a MacBinary envelope is found', async () => {
    expect((await read(file(Array(128).fill(0), header(1), chunk('MTrk', good)))).noteCount).toBe(1);
  });

  test('that is cut off is refused wherever the cut is, with the byte', async () => {
    const whole = file(
      header(2),
      chunk('MTrk', good),
      chunk('MTrk', [...note(0, 2, 60, 960), ...note(300, 2, 60, 960), ...end()]),
    );
    const first = header(2).length + chunk('MTrk', good).length;
    for (let length = first + 8; length < whole.length - 1; length++) {
      const error = await refusal(whole.subarray(0, length));
      expect([error.code, error.status]).toEqual(['score-unreadable', 400]);
      expect(error.message).toMatch(/at byte \d+/);
    }
  });

  test.each([
    ['data without a status', [0, 60, 64]],
    ['a number of five bytes', [0x81, 0x81, 0x81, 0x81, 0x01, 0x90, 60, 64]],
    ['a status in place of data', [0, 0x90, 0x90, 64]],
    ['a text longer than the track', [0, 0xff, 1, 0x40, 0x41]],
  ])('with %s is refused', async (_, events) => {
    expect(await refusal(smf(0, 96, [[...events, ...end()]]))).toMatchObject({ status: 400 });
  });

  test.each([
    ['format 3', file(chunk('MThd', [0, 3, 0, 1, 0, 96]), chunk('MTrk', good))],
    ['no division', file(chunk('MThd', [0, 1, 0, 1, 0, 0]), chunk('MTrk', good))],
    ['no track', file(header(1))],
    ['half a header', file([...'MThd'].map((letter) => letter.charCodeAt(0)))],
    ['a wrapper without contents', rmid(new Uint8Array(), {}).subarray(0, 12)],
  ])('with %s is refused', async (_, bytes) => {
    expect(await refusal(bytes)).toMatchObject({ code: 'score-unreadable', status: 400 });
  });
});

describe('limits', () => {
  test('37 bytes that claim years are refused at once', async () => {
    const years = [...Array(3)].flatMap(() => [0xff, 0xff, 0xff, 0x7f, 0xc0, 0]);
    expect(await refusal(smf(0, 1, [[...years, ...end()]]))).toMatchObject({ code: 'score-too-long', status: 413 });
  });

  test('notes, events and parts are counted before they are made', async () => {
    const bytes = smf(0, 96, [[...note(0, 1, 60, 1), ...note(0, 2, 60, 1), ...exclusive(0, 0x7e, 0, 9, 1), ...end()]]);
    const limited = (limits: object) => parseScore({ bytes }, { limits });
    await expect(limited({ maxNotes: 2, maxEvents: 4, maxParts: 2 })).resolves.toMatchObject({ noteCount: 2 });
    await expect(limited({ maxNotes: 1 })).rejects.toMatchObject({ code: 'score-too-large' });
    await expect(limited({ maxEvents: 3 })).rejects.toMatchObject({ code: 'score-too-large' });
    await expect(limited({ maxParts: 1 })).rejects.toMatchObject({ code: 'score-too-large' });
  });

  test('more tracks than a file can have are refused', async () => {
    const track = Buffer.from(chunk('MTrk', []));
    const bytes = Buffer.concat([Buffer.from(smf(1, 96, [])), ...Array<Buffer>(70_000).fill(track)]);
    expect(await refusal(bytes)).toMatchObject({ code: 'score-too-large' });
  });

  test('a system exclusive message in a hundred thousand pieces is dropped, two hundred thousand messages are too many', async () => {
    const many = (bytes: number[], count: number) => [...Buffer.concat(Array<Buffer>(count).fill(Buffer.from(bytes)))];
    const pieces = [...at(0, 0xf0, 1, 0x7e), ...many(at(0, 0xf7, 0), 100_000), ...at(0, 0xf7, 1, 0xf7)];
    const score = await read(smf(0, 96, [[...pieces, ...note(0, 1, 60, 1), ...end()]]));
    expect(controls(score)).toEqual([]);
    const messages = many(exclusive(0, 0x41), 200_001);
    expect(await refusal(smf(0, 96, [[...messages, ...end()]]))).toMatchObject({ code: 'score-too-large' });
  });

  test('tens of thousands of retunings of every part are refused', async () => {
    const one = Buffer.from(exclusive(0, 0x7f, 0x7f, 8, 2, 0, 1, 69, 70, 0, 0));
    const bytes = smf(0, 96, [[...Buffer.concat(Array<Buffer>(20_000).fill(one)), ...note(0, 1, 60, 1), ...end()]]);
    expect(await refusal(bytes)).toMatchObject({ code: 'score-too-large' });
  });
});
