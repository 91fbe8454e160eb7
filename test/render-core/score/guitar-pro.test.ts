import { exporter, importer } from '@coderline/alphatab';
import { describe, expect, test } from '@jest/globals';
import { type NoteEvent, type Performance, parseScore } from '@musistrata/render-core';
import { unzipSync, zipSync } from 'fflate';
import { gp3, STANDARD_TUNING } from './gp3.js';
import { gpxCompressed, gpxContainer } from './gpx.js';
import { randomNumbers } from './random.js';

const notes = (score: Performance, part: number): NoteEvent[] =>
  score.parts[part]!.events.filter((event) => event.kind === 'note');

const song = gp3({
  title: 'Three',
  copyright: '2026 nobody',
  tempo: 90,
  tracks: [
    { name: 'Lead', drums: false, program: 29 },
    { name: 'Kit', drums: true, program: 0 },
  ],
  bars: [
    [
      [{ string: 1, fret: 3 }, { string: 6, fret: 0 }, null, { string: 2, fret: 12 }],
      [
        { string: 1, fret: 36 },
        { string: 1, fret: 38 },
        { string: 1, fret: 36 },
        { string: 1, fret: 42 },
      ],
    ],
    [
      [null, { string: 3, fret: 5 }, null, null],
      [{ string: 1, fret: 49 }, null, null, null],
    ],
  ],
  repeat: [1, 1],
});

/** A file of Guitar Pro 7, by the library's exporter. */
function gp7(): Uint8Array {
  const score = importer.ScoreLoader.loadAlphaTex(`
    \\title "Seven" \\copyright "2026" \\tempo 120
    \\track "Lead" \\staff {tabs} \\instrument 29
    :4 3.1 0.6 r 12.2 | \\section "Bridge" :2 5.3 r
    \\track "Kit" \\instrument percussion
    :4 36 38 36 42 | :1 49`);
  return new exporter.Gp7Exporter().export(score, null);
}

describe('Guitar Pro 3 to 5', () => {
  test('strings and frets become keys, repeats are played, drums are drums', async () => {
    const score = await parseScore({ bytes: song });
    expect(score).toMatchObject({
      format: 'guitarpro',
      title: 'Three',
      copyright: '2026 nobody',
      defaultTail: 'silence',
    });
    expect(score.parts.map((part) => [part.name, part.percussion, part.channel])).toEqual([
      ['Lead', false, null],
      ['Kit', true, null],
    ]);
    const beat = 60 / 90;
    const [e, b, g, , , low] = STANDARD_TUNING;
    expect(notes(score, 0).map((note) => [note.time, note.key])).toEqual(
      [
        [0, e! + 3],
        [1, low!],
        [3, b! + 12],
        [5, g! + 5],
        [9, g! + 5],
      ].map(([at, key]) => [expect.closeTo(at! * beat, 9), key]),
    );
    expect(notes(score, 1).map((note) => note.key)).toEqual([36, 38, 36, 42, 49, 49]);
    expect(score.parts[0]!.events).toContainEqual({ kind: 'program', time: 0, program: 29 });
    expect(score.parts[1]!.events.some((event) => event.kind === 'program')).toBe(false);
    expect(score.endSeconds).toBeCloseTo(12 * beat, 9);
  });

  test('a file that is cut off or mutated is read or refused, never worse', async () => {
    const random = randomNumbers(1);
    const damaged = Array.from({ length: 12 }, (_, index) => {
      const bytes = song.slice(0, index < 8 ? 40 + random.below(song.length - 40) : song.length);
      for (let count = random.below(4); index >= 8 && count >= 0; count--)
        bytes[31 + random.below(bytes.length - 31)] = random.below(256);
      return bytes;
    });
    for (let index = 0; index < damaged.length; index += 4)
      await Promise.all(
        damaged.slice(index, index + 4).map(async (bytes) => {
          const outcome = await parseScore({ bytes }).catch((error: unknown) => error);
          expect(outcome).toMatchObject(outcome instanceof Error ? { name: 'ScoreError' } : { format: 'guitarpro' });
        }),
      );
  });
});

describe('Guitar Pro 6 to 8', () => {
  const gpif = unzipSync(gp7())['Content/score.gpif']!;

  test.each([
    ['7 and 8', gp7()],
    ['6', gpxContainer('score.gpif', gpif)],
    ['6, compressed', gpxCompressed(gpxContainer('score.gpif', gpif))],
  ])('version %s', async (_, bytes) => {
    const score = await parseScore({ bytes });
    expect(score).toMatchObject({ format: 'guitarpro', title: 'Seven', copyright: '2026', noteCount: 9 });
    expect(score.parts.map((part) => [part.name, part.percussion])).toEqual([
      ['Lead', false],
      ['Kit', true],
    ]);
    expect(notes(score, 0).map((note) => [note.time, note.key])).toEqual([
      [0, 67],
      [0.5, 40],
      [1.5, 71],
      [2, 60],
    ]);
    expect(notes(score, 1).map((note) => note.key)).toEqual([36, 38, 36, 42, 49]);
    expect(score.markers).toEqual([{ time: 2, text: 'Bridge' }]);
  });

  test.each([0, 0xff])('a refusal says nothing of the inside of the library: %i', async (filler) => {
    const bytes = Buffer.concat([Buffer.from('\x18FICHIER GUITAR PRO v5.00', 'latin1'), Buffer.alloc(5000, filler)]);
    const refused = parseScore({ bytes }, {});
    await expect(refused).rejects.toMatchObject({ code: 'score-unreadable', status: 400 });
    await expect(refused).rejects.toThrow(/^The Guitar Pro file cannot be read: its content makes no sense\. /);
  });

  test('a small file whose references stand for millions of beats is refused', async () => {
    const list = (count: number) => Array(count).fill('0').join(' ');
    const text = `<GPIF><MasterBars>${`<MasterBar><Bars>0</Bars></MasterBar>`.repeat(5000)}</MasterBars><Bars><Bar id="0"><Voices>0 0 0 0</Voices></Bar></Bars>
      <Voices><Voice id="0"><Beats>${list(1000)}</Beats></Voice></Voices><Beats><Beat id="0"><Notes>0</Notes></Beat></Beats></GPIF>`;
    const bytes = zipSync({ 'Content/score.gpif': new TextEncoder().encode(text) });
    await expect(parseScore({ bytes })).rejects.toMatchObject({ code: 'score-too-large', status: 413 });
  });

  test('an archive that inflates beyond the limit, or has thousands of files, is refused', async () => {
    const bomb = zipSync({ 'Content/score.gpif': new Uint8Array(2_000_000) });
    expect(bomb.length).toBeLessThan(10_000);
    await expect(parseScore({ bytes: bomb }, { limits: { maxInflatedBytes: 1_000_000 } })).rejects.toMatchObject({
      code: 'score-too-large',
    });
    const many = zipSync(
      Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`score.gpif${index}`, new Uint8Array()])),
    );
    await expect(parseScore({ bytes: many })).rejects.toMatchObject({ code: 'score-too-large' });
  });

  test.each([
    [
      'a sector list that goes round',
      (bytes: Uint8Array) => new DataView(bytes.buffer).setInt32(4 + 4096 + 148, 1, true),
    ],
    [
      'a size of two gigabytes',
      (bytes: Uint8Array) => new DataView(bytes.buffer).setInt32(4 + 4096 + 140, 0x7fffffff, true),
    ],
    ['no score', (bytes: Uint8Array) => bytes.fill(0, 4 + 4096, 4 + 4096 + 148)],
  ])('a version 6 container with %s is read or refused', async (_, damage) => {
    const bytes = gpxContainer('score.gpif', gpif);
    damage(bytes);
    const outcome = await parseScore({ bytes }).catch((error: unknown) => error);
    expect(outcome).toMatchObject(outcome instanceof Error ? { name: 'ScoreError' } : { format: 'guitarpro' });
  });

  test('a compressed version 6 file that claims gigabytes is refused', async () => {
    const bytes = gpxCompressed(gpxContainer('score.gpif', gpif));
    new DataView(bytes.buffer).setUint32(4, 0xffffffff, true);
    await expect(parseScore({ bytes })).rejects.toMatchObject({ code: 'score-too-large' });
  });
});
