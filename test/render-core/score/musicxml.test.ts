import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SCORE_LIMITS, type NoteEvent, type Performance, parseScore } from '@musistrata/render-core';
import { importInWorker } from '@musistrata/render-core/score/engraved/read-engraved.js';
import { zipSync } from 'fflate';
import { randomNumbers } from './random.js';

const utf8 = (text: string) => new TextEncoder().encode(text);
const notes = (score: Performance, part: number): NoteEvent[] =>
  score.parts[part]!.events.filter((event) => event.kind === 'note');

const pitch = (step: string, octave: number, duration: number, type: string, more = '') =>
  `<note><pitch><step>${step}</step><octave>${octave}</octave></pitch><duration>${duration}</duration><type>${type}</type>${more}</note>`;
const drum = (instrument: string, duration: number, type: string) =>
  `<note><unpitched><display-step>C</display-step><display-octave>5</display-octave></unpitched><duration>${duration}</duration><instrument id="${instrument}"/><type>${type}</type></note>`;
const lyric = (verse: number, text: string) => `<lyric number="${verse}"><text>${text}</text></lyric>`;
const attributes = (more: string) =>
  `<attributes><divisions>2</divisions><time><beats>3</beats><beat-type>4</beat-type></time>${more}</attributes>`;

const document = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise version="4.0">
<work><work-title>Kleine Übung</work-title></work><identification><rights>CC0</rights></identification>
<part-list>
<score-part id="P1"><part-name>Clarinet</part-name><score-instrument id="P1-I1"><instrument-name>Clarinet</instrument-name></score-instrument>
<midi-instrument id="P1-I1"><midi-channel>1</midi-channel><midi-program>72</midi-program></midi-instrument></score-part>
<score-part id="P2"><part-name>Drums</part-name><score-instrument id="X1"><instrument-name>Snare</instrument-name></score-instrument><score-instrument id="X2"><instrument-name>Kick</instrument-name></score-instrument>
<midi-instrument id="X1"><midi-channel>10</midi-channel><midi-unpitched>39</midi-unpitched></midi-instrument><midi-instrument id="X2"><midi-channel>10</midi-channel><midi-unpitched>37</midi-unpitched></midi-instrument></score-part>
</part-list>
<part id="P1">
<measure number="1">${attributes('<clef><sign>G</sign><line>2</line></clef><transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>')}
<barline location="left"><repeat direction="forward"/></barline>
<direction><direction-type><rehearsal>A</rehearsal></direction-type><sound tempo="90"/></direction>
${pitch('C', 5, 2, 'quarter', lyric(1, 'One') + lyric(2, 'Two'))}${pitch('E', 5, 4, 'half')}
<barline location="right"><repeat direction="backward"/></barline></measure>
<measure number="2">${pitch('F', 5, 6, 'half', '<dot/>')}</measure>
</part>
<part id="P2">
<measure number="1">${attributes('<clef><sign>percussion</sign></clef>')}${drum('X1', 2, 'quarter')}${drum('X2', 4, 'half')}</measure>
<measure number="2"><note><rest/><duration>6</duration><type>half</type><dot/></note></measure>
</part>
</score-partwise>`;

const container =
  '<?xml version="1.0"?><container><rootfiles><rootfile full-path="music/score.xml"/></rootfiles></container>';
const compressed = (files: Readonly<Record<string, string>>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, utf8(text)])));

describe('MusicXML', () => {
  test('sounds as written: repeats, transposing instruments, drums, tempo and texts', async () => {
    const score = await parseScore({ bytes: utf8(document) });
    expect(score).toMatchObject({
      format: 'musicxml',
      title: 'Kleine Übung',
      copyright: 'CC0',
      noteCount: 9,
      warnings: [],
    });
    expect(score.parts.map((part) => [part.name, part.percussion, part.channel])).toEqual([
      ['Clarinet', false, null],
      ['Drums', true, null],
    ]);
    const beat = 60 / 90;
    // Written C5, sounding a tone lower.
    expect(notes(score, 0).map((note) => [note.time, note.key, note.duration])).toEqual(
      [
        [0, 70, 1],
        [1, 74, 2],
        [3, 70, 1],
        [4, 74, 2],
        [6, 75, 3],
      ].map(([at, key, length]) => [expect.closeTo(at! * beat, 9), key, expect.closeTo(length! * beat, 9)]),
    );
    expect(notes(score, 1).map((note) => note.key)).toEqual([38, 36, 38, 36]);
    expect(score.parts[0]!.events).toContainEqual({ kind: 'program', time: 0, program: 71 });
    expect(score.markers.map((marker) => marker.text)).toEqual(['A', 'A']);
    expect(score.lyrics.map(({ time, text }) => [Math.round(time), text])).toEqual([
      [0, 'One'],
      [2, 'Two'],
    ]);
    expect(score.tempoMap.meters).toEqual([{ beat: 0, bar: 1, beatsPerBar: 3, numerator: 3, denominator: 4 }]);
    expect(score.endSeconds).toBeCloseTo(9 * beat, 9);
  });

  test.each([
    [
      'compressed',
      compressed({ 'META-INF/container.xml': container, 'music/score.xml': document, 'picture.xml': '<x/>' }),
    ],
    ['in UTF-16', new Uint8Array(Buffer.from(`\ufeff${document.replace('UTF-8', 'UTF-16')}`, 'utf16le'))],
    ['with a byte order mark', utf8(`\ufeff${document}`)],
  ])('%s reads the same', async (_, bytes) => {
    const { parts, title } = await parseScore({ bytes });
    const plain = await parseScore({ bytes: utf8(document) });
    expect([title, parts]).toEqual([plain.title, plain.parts]);
  });
});

describe('a hostile MusicXML file', () => {
  const billion = `<!DOCTYPE score-partwise [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>`;
  const withInstead = (from: string, to: string) => utf8(document.replace(from, to));

  test.each([
    [
      'declares entities',
      withInstead('<score-partwise version="4.0">', `${billion}<score-partwise version="4.0">`),
      400,
    ],
    ['is cut off', utf8(document.slice(0, 1500)), 400],
    ['is no score', utf8('<html><body/></html>'), 400],
    ['has a hundred million staves', withInstead('<divisions>', '<staves>100000000</staves><divisions>'), 422],
    ['has a key for staff two billion', withInstead('<clef>', '<clef number="2147483648">'), 422],
    ['has a note on staff ten million', withInstead('<type>quarter</type>', '<staff>10000000</staff>'), 422],
    [
      'repeats a bar ten million times',
      withInstead('<repeat direction="backward"/>', '<repeat direction="backward" times="10000000"/>'),
      422,
    ],
    [
      'has more bars than any score',
      utf8(document.replace('<part id="P2">', `<part id="P2">${'<measure/>'.repeat(300_000)}`)),
      413,
    ],
    ['is nested a hundred thousand deep', withInstead('<part id="P2">', `<part id="P2">${'<a>'.repeat(100_000)}`), 400],
    [
      'names a score that is not there',
      compressed({ 'META-INF/container.xml': container, 'other.xml': document }),
      400,
    ],
  ])('that %s is refused', async (_, bytes, status) => {
    await expect(parseScore({ bytes }, { hint: 'score.musicxml' })).rejects.toMatchObject({
      name: 'ScoreError',
      status,
    });
  });

  test('is found in its archive under any name', async () => {
    const named = (path: string) => container.replace('music/score.xml', path);
    for (const [written, name] of [
      ['Rock &amp; &quot;Roll&quot;.xml', 'Rock & "Roll".xml'],
      ['&#x42;ach &#233;.musicxml', 'Bach é.musicxml'],
    ] as const) {
      const bytes = compressed({ 'META-INF/container.xml': named(written), 'other.xml': '<other/>', [name]: document });
      expect((await parseScore({ bytes })).title).toBe('Kleine Übung');
    }
  });

  test('that inflates to more than its archive says is refused at once', async () => {
    const bytes = Buffer.from(compressed({ 'score.musicxml': ' '.repeat(15_000_000) + document }));
    // Its size in the central directory, 24 bytes into the entry (PKWARE APPNOTE 4.3.12).
    bytes.writeUInt32LE(1000, bytes.indexOf('PK\x01\x02', 0, 'latin1') + 24);
    await expect(parseScore({ bytes })).rejects.toMatchObject({ code: 'score-unreadable', status: 400 });
  });

  test('is found in an archive with a comment, and in one of Info-ZIP that counts in 64 bits', async () => {
    const archive = compressed({ 'score.musicxml': document });
    const comment = utf8('made by hand');
    archive[archive.length - 2] = comment.length;
    expect((await parseScore({ bytes: Buffer.concat([archive, comment]) })).title).toBe('Kleine Übung');
    const long =
      'UEsDBC0AAAAIAABrfF3rL060//////////8FABQAcy54bWwBABAAuwAAAAAAAABkAAAAAAAAALMpTs4vStUtSCwqKc8sTrWzKc8vyoaQuiWZJTmpdlGZBWYmNvpIIhCOnQ1Ik25OZnGJnQ3CFIXMFFulAEMlqHReYm6qnaONPoJjo49QbAeVgBiCqj03NbG4tChVH6oGRR/YqQBQSwECHgMtAAAACAAAa3xd6y9OtGQAAAD/////BQAMAAAAAAABAAAApIEAAAAAcy54bWwBAAgAuwAAAAAAAABQSwYGLAAAAAAAAAAeAy0AAAAAAAAAAAABAAAAAAAAAAEAAAAAAAAAPwAAAAAAAACbAAAAAAAAAFBLBgcAAAAA2gAAAAAAAAABAAAAUEsFBgAAAAABAAEAPwAAAP////8AAA==';
    expect((await parseScore({ bytes: Buffer.from(long, 'base64') })).title).toBe('Zip64');
  });

  test('may stand in its archive as it is', async () => {
    const bytes = zipSync({ 'score.musicxml': utf8(document) }, { level: 0 });
    expect((await parseScore({ bytes })).title).toBe('Kleine Übung');
  });

  test('is refused when a byte of it has changed in its archive', async () => {
    const bytes = Buffer.from(zipSync({ 'score.musicxml': utf8(document) }, { level: 0 }));
    bytes[bytes.indexOf('Kleine')] = 0x4c;
    await expect(parseScore({ bytes })).rejects.toMatchObject({ code: 'score-unreadable', status: 400 });
  });

  test.each([
    ['ISO-8859-1', 'latin1'],
    ['windows-1252', 'latin1'],
    ['UTF-8', 'utf8'],
    // Wrong, as it could not be read otherwise.
    ['UTF-16', 'utf8'],
    ['klingon', 'utf8'],
  ] as const)('is read in the encoding that it declares: %s', async (declared, encoding) => {
    const bytes = Buffer.from(document.replace('encoding="UTF-8"', `encoding="${declared}"`), encoding);
    expect((await parseScore({ bytes })).title).toBe('Kleine Übung');
  });

  test('that inflates beyond the limit is refused', async () => {
    const bytes = compressed({ 'META-INF/container.xml': container, 'music/score.xml': document });
    const limits = { maxInflatedBytes: document.length };
    await expect(parseScore({ bytes }, { limits })).rejects.toMatchObject({ code: 'score-too-large', status: 413 });
  });

  test('that is mutated is read or refused, never worse', async () => {
    const random = randomNumbers(7);
    const numbers = ['0', '-1', '1e9', '99999', '0.001', 'NaN', ''];
    const mutated = Array.from({ length: 12 }, () => {
      let text = document;
      for (let count = 1 + random.below(3); count > 0; count--) {
        const places = [...text.matchAll(/>(\d+)</g)];
        const place = places[random.below(places.length)]!;
        text = `${text.slice(0, place.index + 1)}${numbers[random.below(numbers.length)]}${text.slice(place.index + place[0].length - 1)}`;
      }
      const at = random.below(text.length);
      return utf8(random.below(3) === 0 ? text.slice(0, at) + text.slice(at + 1 + random.below(30)) : text);
    });
    for (let index = 0; index < mutated.length; index += 4)
      await Promise.all(
        mutated.slice(index, index + 4).map(async (bytes) => {
          const outcome = await parseScore({ bytes }, { hint: 'x.xml' }).catch((error: unknown) => error);
          expect(outcome).toMatchObject(outcome instanceof Error ? { name: 'ScoreError' } : { format: 'musicxml' });
        }),
      );
  });

  // Behind the guards: a clef for staff two billion makes the library add staves without end.
  const endless = {
    format: 'musicxml',
    importer: 'MusicXML',
    bytes: withInstead('<clef>', '<clef number="2147483648">'),
    limits: DEFAULT_SCORE_LIMITS,
  } as const;

  test('that gets past the guards and grows without end, ends with its thread', async () => {
    await expect(importInWorker(endless, { seconds: 25, megabytes: 40 })).rejects.toMatchObject({
      code: 'score-too-large',
      message: expect.stringContaining('40 MB'),
    });
  });

  test('that takes too long is stopped', async () => {
    await expect(importInWorker(endless, { seconds: 0.2, megabytes: 4000 })).rejects.toMatchObject({
      code: 'score-too-large',
      message: expect.stringContaining('0.2 s'),
    });
  });
});
