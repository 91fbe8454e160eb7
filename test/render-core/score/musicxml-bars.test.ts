import { describe, expect, test } from '@jest/globals';
import { parseScore } from '@musistrata/render-core';

const ATTRIBUTES =
  '<attributes><divisions>2</divisions><time><beats>4</beats><beat-type>4</beat-type></time><clef><sign>G</sign><line>2</line></clef></attributes>';
const TYPES: Readonly<Record<number, string>> = { 1: 'eighth', 2: 'quarter', 4: 'half', 8: 'whole' };
/** A note of so many eighths. */
const note = (step: string, eighths: number, more = '') =>
  `<note><pitch><step>${step}</step><octave>4</octave></pitch><duration>${eighths}</duration>${more}<voice>1</voice><type>${TYPES[eighths]}</type></note>`;
const measure = (content: string, more = '') => `<measure number="1"${more}>${content}</measure>`;
const document = (root: string, content: string) =>
  `<score-${root} version="4.0"><part-list><score-part id="P1"><part-name>A</part-name></score-part><score-part id="P2"><part-name>B</part-name></score-part></part-list>${content}</score-${root}>`;

async function read(text: string) {
  return parseScore({ bytes: new TextEncoder().encode(text) });
}

/** Onset and length in quarter notes, at 120 to the minute, of the notes of a part. */
async function played(text: string, part = 0): Promise<(readonly [number, number])[]> {
  const { parts } = await read(text);
  return parts[part]!.events.flatMap((event) =>
    event.kind === 'note' ? [[2 * event.time, 2 * event.duration] as const] : [],
  );
}

const partwise = (...bars: readonly string[]) =>
  document('partwise', `<part id="P1">${bars[0]!.replace('>', `>${ATTRIBUTES}`)}${bars.slice(1).join('')}</part>`);

describe('bars of MusicXML are as long as what is in them', () => {
  test('before the first whole one, whether it has a number or not', async () => {
    for (const more of ['', ' implicit="yes"'])
      expect(await played(partwise(measure(note('G', 2), more), measure(note('C', 8))))).toEqual([
        [0, 1],
        [1, 4],
      ]);
  });

  test('in the middle, where a repeat divides one', async () => {
    const repeat = '<barline location="right"><repeat direction="backward"/></barline>';
    const bars = [
      measure(note('C', 8)),
      measure(note('D', 4) + repeat),
      measure(note('E', 4), ' implicit="yes"'),
      measure(note('F', 8)),
    ];
    const { tempoMap, endSeconds } = await read(partwise(...bars));
    expect((await played(partwise(...bars))).map(([onset]) => onset)).toEqual([0, 4, 6, 10, 12, 14]);
    expect(endSeconds).toBe(9);
    expect(tempoMap.meters.map(({ beat, bar }) => [beat, bar])).toEqual([
      [0, 1],
      [6, 3],
      [12, 5],
      [14, 6],
    ]);
  });

  test('with more than their time signature says', async () => {
    const cadenza = ['C', 'D', 'E', 'F', 'G', 'A'].map((step) => note(step, 2)).join('');
    expect((await played(partwise(measure(cadenza), measure(note('C', 8))))).at(-1)).toEqual([6, 4]);
  });

  test('whichever part and voice goes furthest', async () => {
    const rest = '<note><rest/><duration>8</duration></note>';
    const short = `<part id="P1">${measure(ATTRIBUTES + note('C', 4))}${measure(note('D', 8))}</part>`;
    const long = `<part id="P2">${measure(`${ATTRIBUTES}${note('E', 2)}<backup><duration>2</duration></backup>${rest}`)}${measure(note('F', 8))}</part>`;
    expect(await played(document('partwise', short + long))).toEqual([
      [0, 2],
      [4, 4],
    ]);
  });

  test('and not as long as a rest of a whole bar claims to be', async () => {
    const rest = measure('<note><rest measure="yes"/><duration>12</duration></note>');
    const one = `<part id="P1">${measure(ATTRIBUTES + note('C', 4))}${rest}${measure(note('D', 8))}</part>`;
    const two = `<part id="P2">${rest.replace('>', `>${ATTRIBUTES}`)}${rest}${measure(note('E', 8))}</part>`;
    expect((await played(document('partwise', one + two)))[1]).toEqual([6, 4]);
  });

  test('with time that is passed over at their end', async () => {
    const first = measure(`${note('C', 4)}<forward><duration>4</duration></forward>`);
    expect((await played(partwise(first, measure(note('D', 8)))))[1]).toEqual([4, 4]);
  });

  test('without anything in them, as long as their time signature says', async () => {
    expect((await played(partwise(measure(note('C', 8)), measure(''), measure(note('D', 8)))))[1]).toEqual([8, 4]);
  });

  test('of a score that is written bar by bar', async () => {
    const bar = (one: string, two: string) => measure(`<part id="P1">${one}</part><part id="P2">${two}</part>`);
    const text = document(
      'timewise',
      bar(ATTRIBUTES + note('C', 2), ATTRIBUTES + note('E', 2)) + bar(note('D', 8), note('F', 8)),
    );
    expect((await played(text))[1]).toEqual([1, 4]);
  });

  test('with changes of tempo where they stand', async () => {
    const tempo = '<direction><sound tempo="60"/></direction>';
    const { tempoMap } = await read(
      partwise(measure(note('C', 8)), measure(note('D', 2) + tempo + note('E', 2)), measure(note('F', 8))),
    );
    expect(tempoMap.tempos.map(({ beat }) => beat)).toEqual([0, 5]);
  });
});

describe('ties of MusicXML', () => {
  const tie = (type: string) => `<tie type="${type}"/>`;
  const tied = (text: string) => text.replace('</note>', '<notations><tied type="start"/></notations></note>');

  test('are heard with their sign and without', async () => {
    for (const first of [note('C', 8, tie('start')), tied(note('C', 8, tie('start')))])
      expect(
        await played(
          partwise(
            measure(first),
            measure(note('C', 8, tie('stop') + tie('start'))),
            measure(note('C', 4, tie('stop')) + note('C', 4)),
          ),
        ),
      ).toEqual([
        [0, 10],
        [10, 2],
      ]);
  });
});

test('notes of MusicXML that are not printed sound all the same', async () => {
  const hidden = note('C', 4).replace('<note>', '<note default-x="3" print-object="no" print-leger=\'no\'>');
  expect(await played(partwise(measure(hidden + note('D', 4))))).toEqual([
    [0, 2],
    [2, 2],
  ]);
});
