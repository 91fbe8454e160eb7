import { describe, expect, test } from '@jest/globals';
import { parseScore } from '@musistrata/render-core';

const note = (step: string) =>
  `<note><pitch><step>${step}</step><octave>4</octave></pitch><duration>4</duration><type>whole</type></note>`;
const direction = (type: string, sound = '') =>
  `<direction><direction-type>${type}</direction-type>${sound}</direction>`;
const words = (text: string) => `<words>${text}</words>`;
const ATTRIBUTES =
  '<attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type></time><clef><sign>G</sign><line>2</line></clef></attributes>';

/** A score of one part whose bars hold what is given. */
async function read(...bars: readonly string[]) {
  const measures = bars.map(
    (bar, index) => `<measure number="${index + 1}">${index === 0 ? ATTRIBUTES : ''}${bar}</measure>`,
  );
  const text = `<score-partwise version="4.0"><part-list><score-part id="P1"><part-name>Flute</part-name></score-part></part-list><part id="P1">${measures.join('')}</part></score-partwise>`;
  return parseScore({ bytes: new TextEncoder().encode(text) });
}

const NAMES = ['C', '', 'D', '', 'E', 'F', '', 'G', '', 'A', '', 'B'];

/** The notes that are played, by name. */
async function played(...bars: readonly string[]): Promise<string> {
  const { parts } = await read(...bars);
  return parts[0]!.events.flatMap((event) => (event.kind === 'note' ? [NAMES[event.key % 12]] : [])).join(' ');
}

describe('the tempo of MusicXML in quarter notes a minute', () => {
  const mark = (unit: string, perMinute: string, dots = 0) =>
    `<metronome><beat-unit>${unit}</beat-unit>${'<beat-unit-dot/>'.repeat(dots)}<per-minute>${perMinute}</per-minute></metronome>`;

  /** A beat lasts 60 / number seconds, and a dot adds half of what stands before it. */
  test.each([
    ['quarter', '90', 0, 90],
    ['half', '50', 0, 100],
    ['quarter', '60', 1, 90],
    ['half', '40', 2, 140],
    ['eighth', '120', 0, 60],
    ['16th', '200', 0, 50],
    ['quarter', 'c. 144', 0, 144],
  ])('of a mark: %s = %s with %i dots', async (unit, perMinute, dots, expected) => {
    const { tempoMap, endSeconds } = await read(direction(mark(unit, perMinute, dots)) + note('C'));
    expect(tempoMap.tempos.map(({ beatsPerMinute }) => beatsPerMinute)).toEqual([expected]);
    expect(endSeconds).toBeCloseTo(240 / expected, 9);
  });

  test('is what the sound says, where mark and sound stand together', async () => {
    const { tempoMap } = await read(direction(mark('half', '50'), '<sound tempo="96"/>') + note('C'));
    expect(tempoMap.tempos.map(({ beatsPerMinute }) => beatsPerMinute)).toEqual([96]);
  });

  test('is heard from a sound outside of a direction, where it stands', async () => {
    const { tempoMap } = await read(
      `<sound tempo="60"/>${note('C')}`,
      `<sound dynamics="80" tempo='150'/>${note('D')}`,
    );
    expect(tempoMap.tempos.map(({ beat, beatsPerMinute }) => [beat, beatsPerMinute])).toEqual([
      [0, 60],
      [4, 150],
    ]);
  });

  test('stays as it is where two notes are set equal', async () => {
    const equal = '<metronome><beat-unit>quarter</beat-unit><beat-unit>quarter</beat-unit><beat-unit-dot/></metronome>';
    const { tempoMap } = await read(direction(mark('quarter', '70')) + note('C') + direction(equal), note('D'));
    expect(tempoMap.tempos.map(({ beatsPerMinute }) => beatsPerMinute)).toEqual([70]);
  });
});

describe('the way through MusicXML', () => {
  const fine = direction(words('Fine'), '<sound fine="yes"/>');
  const daCapo = direction(words('D.C.'), '<sound dacapo="yes"/>');
  const dalSegno = direction(words('D.S.'), '<sound dalsegno="s"/>');
  const segno = direction('<segno/>', '<sound segno="s"/>');
  const toCoda = direction(words('To Coda'), '<sound tocoda="c"/>');
  const coda = direction('<coda/>', '<sound coda="c"/>');

  test('goes back to the beginning, and ends at the fine', async () => {
    expect(await played(note('C'), note('D') + fine, note('E') + daCapo)).toBe('C D E C D');
    expect(await played(note('C'), `${note('D')}<sound fine="yes"/>`, `${note('E')}<sound dacapo="yes"/>`)).toBe(
      'C D E C D',
    );
  });

  test('without a fine goes on to the end', async () => {
    expect(await played(note('C'), note('D') + daCapo)).toBe('C D C D');
    expect(await played(note('C'), `${note('D')}<sound dacapo="no"/>`)).toBe('C D');
  });

  test('goes back to the segno, and on to the coda', async () => {
    const bars = [note('C'), segno + note('D') + toCoda, note('E') + dalSegno, coda + note('F')];
    expect(await played(...bars)).toBe('C D E D F');
  });

  test('knows the sign of a jump from that of its target', async () => {
    const toCodaSign = direction('<coda/>', '<sound tocoda="c"/>');
    const dalSegnoSign = direction('<segno default-y="9"></segno>', '<sound dalsegno="s"/>');
    const bars = [note('C'), segno + note('D') + toCodaSign, note('E') + dalSegnoSign, coda + note('F')];
    expect(await played(...bars)).toBe('C D E D F');
  });

  test('ends, whatever the jumps', async () => {
    expect(await played(coda + note('C'), note('D') + toCoda, note('E') + daCapo)).toBe('C D E C D E');
    expect(await played(note('C') + toCoda, coda + note('D'), note('E') + daCapo)).toBe('C D E C D E');
    const twoCodas = [note('C') + toCoda, coda + note('D') + toCoda, note('E') + daCapo, coda + note('F')];
    expect(await played(...twoCodas)).toBe('C D E C D E F');
  });

  test('does not depend on directions that are never closed', async () => {
    const open = '<direction><direction-type>'.repeat(30_000);
    await expect(played(note('C') + open)).rejects.toThrow(/MusicXML/);
  });
});
