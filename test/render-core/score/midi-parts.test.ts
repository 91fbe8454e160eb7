import { describe, expect, test } from '@jest/globals';
import { controls, notes, read } from './read-smf.js';
import { at, end, meta, note, rmid, smf } from './smf.js';

describe('notes', () => {
  test('end by note-off or by note-on with velocity 0, with running status', async () => {
    const track = [...at(0, 0x90, 60, 100), ...at(48, 64, 90), ...at(48, 60, 0), ...at(48, 64, 0), ...end()];
    expect(notes(await read(smf(0, 48, [track])))).toEqual([
      { kind: 'note', time: 0, key: 60, velocity: 100, duration: 1 },
      { kind: 'note', time: 0.5, key: 64, velocity: 90, duration: 1 },
    ]);
  });

  test('of equal key that overlap end in the order in which they started', async () => {
    const track = [...at(0, 0x90, 60, 1), ...at(48, 60, 2), ...at(48, 60, 0), ...at(96, 60, 0), ...end()];
    expect(notes(await read(smf(0, 48, [track]))).map(({ time, duration }) => [time, duration])).toEqual([
      [0, 1],
      [0.5, 1.5],
    ]);
  });

  test('that never end, end with their track and a warning; ends without a start are ignored', async () => {
    const track = [...at(0, 0x90, 60, 1), ...at(0, 0x80, 61, 0), ...at(0, 0x91, 60, 1), ...end(96)];
    const score = await read(smf(1, 48, [track, [...note(960, 1, 70, 48), ...end()]]));
    expect(notes(score)[0]).toMatchObject({ key: 60, duration: 1 });
    expect(score.warnings).toEqual([
      { code: 'midi-hanging-notes', message: expect.stringContaining('2 of its notes') },
    ]);
  });

  test('of no length are struck and released at once', async () => {
    expect(notes(await read(smf(0, 48, [[...note(0, 1, 60, 0), ...end()]])))[0]!.duration).toBe(0);
  });
});

describe('parts', () => {
  test('are the channels of the ports that have notes', async () => {
    const port = (number: number) => meta(0, 0x21, [number]);
    const score = await read(
      smf(1, 96, [
        [...meta(0, 3, 'Song'), ...end()],
        [...port(1), ...meta(0, 3, 'Second port'), ...note(0, 1, 60, 1), ...end()],
        [...port(0), ...note(0, 10, 36, 1), ...note(0, 1, 60, 1), ...at(0, 0xb4, 7, 1), ...end()],
      ]),
    );
    expect(
      score.parts.map(({ index, port, channel, percussion, name }) => [index, port, channel, percussion, name]),
    ).toEqual([
      [0, 0, 1, false, 'Channel 1, port 0'],
      [1, 0, 10, true, 'Standard Kit'],
      [2, 1, 1, false, 'Second port'],
    ]);
    expect(score.title).toBe('Song');
  });

  test('are named after their track, their program or their channel', async () => {
    const score = await read(
      smf(1, 96, [
        [...meta(0, 3, 'Left'), ...note(0, 1, 40, 1), ...end()],
        [...meta(0, 3, 'Right'), ...note(0, 1, 60, 1), ...end()],
        [
          ...meta(0, 3, 'Band'),
          ...at(0, 0xc1, 11),
          ...at(0, 0xc3, 11),
          ...note(0, 2, 60, 1),
          ...note(0, 3, 60, 1),
          ...note(0, 4, 60, 1),
          ...end(),
        ],
        [...meta(0, 4, 'Horn'), ...note(0, 5, 60, 1), ...end()],
        [...at(0, 0xc9, 32), ...note(0, 10, 60, 1), ...end()],
      ]),
    );
    expect(score.parts.map((part) => part.name)).toEqual([
      'Left / Right',
      'Vibraphone',
      'Channel 3',
      'Vibraphone 2',
      'Horn',
      'Jazz Kit',
    ]);
    expect(score.parts.every((part) => part.velocityCurve === 'source' && part.instrument === null)).toBe(true);
  });

  test('hold what their channel gets in the order of the file, before the notes of other tracks', async () => {
    const late = [...at(0, 0xb0, 7, 90), ...at(0, 0xc0, 5), ...end()];
    const line = [
      ...at(0, 0xe0, 0, 0x50),
      ...at(0, 0x90, 60, 64),
      ...at(0, 0xb0, 11, 30),
      ...at(0, 0xd0, 77),
      ...at(0, 0xa0, 60, 33),
      ...at(96, 0x80, 60, 0),
      ...end(),
    ];
    const score = await read(smf(1, 96, [line, late]));
    expect(score.parts[0]!.events.map(({ time: _, ...event }) => event)).toEqual([
      { kind: 'pitchBend', value: 0x2800 },
      { kind: 'controller', controller: 7, value: 90 },
      { kind: 'program', program: 5 },
      { kind: 'note', key: 60, velocity: 64, duration: 0.5 },
      { kind: 'controller', controller: 11, value: 30 },
      { kind: 'channelPressure', pressure: 77 },
      { kind: 'keyPressure', key: 60, pressure: 33 },
    ]);
  });

  test('hold registered parameters as their controllers', async () => {
    const track = [
      ...at(0, 0xb0, 101, 0),
      ...at(0, 100, 0),
      ...at(0, 6, 12),
      ...at(0, 99, 1),
      ...at(0, 98, 8),
      ...note(0, 1, 60, 1),
      ...end(),
    ];
    expect(controls(await read(smf(0, 96, [track])))).toEqual(
      [
        [101, 0],
        [100, 0],
        [6, 12],
        [99, 1],
        [98, 8],
      ].map(([controller, value]) => ({ kind: 'controller', controller, value })),
    );
  });
});

describe('texts', () => {
  test('title, copyright, markers, cue points and lyrics are carried over', async () => {
    const conductor = [
      ...meta(0, 3, '  Añejo \u0000'),
      ...meta(0, 2, [0xa9, 0x20, 0x31, 0x39, 0x39, 0x39]),
      ...meta(96, 6, 'Verse'),
      ...meta(96, 7, 'Thunder'),
      ...meta(0, 5, 'La '),
      ...meta(96, 5, '\rla'),
      ...meta(0, 1, 'a comment'),
      ...end(),
    ];
    expect(await read(smf(1, 96, [conductor, [...note(0, 1, 60, 1), ...end()]]))).toMatchObject({
      title: 'Añejo',
      copyright: '© 1999',
      markers: [
        { time: 0.5, text: 'Verse' },
        { time: 1, text: 'Thunder' },
      ],
      lyrics: [
        { time: 1, text: 'La ' },
        { time: 1.5, text: '\nla' },
      ],
    });
  });

  test('a karaoke file has its title and syllables in text events', async () => {
    const words = [
      ...meta(0, 1, '@KMIDI KARAOKE FILE'),
      ...meta(0, 1, '@TMy song'),
      ...meta(0, 1, '\\Hel'),
      ...meta(96, 1, 'lo'),
      ...meta(96, 1, '/you'),
      ...end(),
    ];
    const score = await read(
      smf(1, 96, [[...meta(0, 3, 'Soft Karaoke'), ...end()], words, [...note(0, 1, 60, 1), ...end()]]),
    );
    expect(score.title).toBe('My song');
    expect(score.lyrics.map((lyric) => lyric.text)).toEqual(['\nHel', 'lo', '\nyou']);
  });

  test.each([
    ['before', true],
    ['after', false],
  ])('an .rmi file has its title in the wrapper, %s the music', async (_, infoFirst) => {
    // Files of odd length are followed by a byte that belongs to no chunk of theirs.
    for (const name of ['', '!']) {
      const file = smf(0, 96, [[...meta(0, 3, name), ...note(0, 1, 60, 96), ...end()]]);
      const score = await read(rmid(file, { INAM: 'Wrapped', ICOP: 'Nobody' }, infoFirst));
      expect(score).toMatchObject({ title: 'Wrapped', copyright: 'Nobody', noteCount: 1, warnings: [] });
    }
  });
});
