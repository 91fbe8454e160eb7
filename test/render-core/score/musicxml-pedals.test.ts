import { describe, expect, test } from '@jest/globals';
import { parseScore } from '@musistrata/render-core';

const ATTRIBUTES =
  '<attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time><clef><sign>G</sign><line>2</line></clef></attributes>';
const half = (step: string) =>
  `<note><pitch><step>${step}</step><octave>4</octave></pitch><duration>2</duration><voice>1</voice><type>half</type></note>`;
const pedal = (type: string) => `<direction><direction-type><pedal type="${type}"/></direction-type></direction>`;

async function read(bars: readonly string[], others = '') {
  const measures = bars.map((bar, index) => `<measure number="1">${index === 0 ? ATTRIBUTES : ''}${bar}</measure>`);
  const text = `<score-partwise version="4.0"><part-list><score-part id="F"><part-name>Flute</part-name></score-part><score-part id="P"><part-name>Piano</part-name></score-part></part-list>${others}<part id="P">${measures.join('')}</part></score-partwise>`;
  return parseScore({ bytes: new TextEncoder().encode(text) });
}

/** Times in quarter notes, at 120 to the minute, at which a part's damper pedal moves, and notes at those times. */
async function pedals(bars: readonly string[], others = '') {
  const { parts } = await read(bars, others);
  return parts.map(({ events }) =>
    events.flatMap((event) =>
      event.kind === 'controller' && event.controller === 64 ? [[2 * event.time, event.value]] : [],
    ),
  );
}

describe('the damper pedal of MusicXML', () => {
  test('goes down and up where its marks stand, in a later bar too', async () => {
    const bars = [half('C') + pedal('start') + half('D'), half('E') + half('F') + pedal('stop'), half('G') + half('A')];
    expect(await pedals(bars)).toEqual([
      [
        [2, 127],
        [8, 0],
      ],
    ]);
  });

  test('is lifted and comes down again at a change, before the notes there', async () => {
    const { parts } = await read([pedal('start') + half('C') + pedal('change') + half('D') + pedal('stop')]);
    const there = parts[0]!.events.filter(
      (event) =>
        event.time === 1 && (event.kind === 'note' || (event.kind === 'controller' && event.controller === 64)),
    );
    expect(there).toEqual([
      expect.objectContaining({ controller: 64, value: 0 }),
      expect.objectContaining({ controller: 64, value: 127 }),
      expect.objectContaining({ kind: 'note', key: 62 }),
    ]);
  });

  test('moves again when a passage is repeated', async () => {
    const repeat = '<barline location="right"><repeat direction="backward"/></barline>';
    expect(await pedals([pedal('start') + half('C') + pedal('stop') + half('D') + repeat])).toEqual([
      [
        [0, 127],
        [2, 0],
        [4, 127],
        [6, 0],
      ],
    ]);
  });

  test('is that of its part alone', async () => {
    const flute = `<part id="F"><measure number="1">${ATTRIBUTES}${half('C')}${half('D')}</measure></part>`;
    expect(await pedals([pedal('start') + half('C') + half('D')], flute)).toEqual([[], [[0, 127]]]);
  });
});
