import { describe, expect, test } from '@jest/globals';
import { dottedOptions } from '@musistrata/api';

const read = (...pairs: [string, string][]) => {
  const { options, faults } = dottedOptions(pairs);
  return { options: JSON.parse(JSON.stringify(options)) as unknown, faults };
};

describe('options in a query', () => {
  test('must nest dotted names and read JSON values', () => {
    expect(
      read(
        ['sampleRate', '48000'],
        ['master.normalize', 'none'],
        ['master.peakDb', '-1'],
        ['stems', 'true'],
        ['soundFont', 'TimGM6mb'],
        ['range', '{"startBar":2}'],
        ['parts.0.part', '0'],
        ['parts.0.pan', '0.25'],
      ),
    ).toEqual({
      options: {
        sampleRate: 48000,
        master: { normalize: 'none', peakDb: -1 },
        stems: true,
        soundFont: 'TimGM6mb',
        range: { startBar: 2 },
        parts: [{ part: 0, pan: 0.25 }],
      },
      faults: [],
    });
  });

  test('must keep text that only looks like JSON', () => {
    expect(read(['tags.title', '[live'], ['tags.date', '2026-01-02'], ['tags.artist', '"7"']).options).toEqual({
      tags: { title: '[live', date: '2026-01-02', artist: '7' },
    });
  });

  test.each<[string, [string, string][]]>([
    [
      'a name given twice',
      [
        ['seed', '1'],
        ['seed', '2'],
      ],
    ],
    [
      'a value and members of one name',
      [
        ['master', '1'],
        ['master.peakDb', '1'],
      ],
    ],
    [
      'members and a value of one name',
      [
        ['master.peakDb', '1'],
        ['master', '{}'],
      ],
    ],
    ['an empty step', [['master..peakDb', '1']]],
    ['a prototype', [['__proto__.polluted', '1']]],
    ['a prototype further down', [['master.__proto__.polluted', '1']]],
    [
      'a word in a list',
      [
        ['parts.0.pan', '1'],
        ['parts.x.pan', '1'],
      ],
    ],
    [
      'a far position in a list',
      [
        ['parts.0.pan', '1'],
        ['parts.999.pan', '1'],
      ],
    ],
    ['a bottomless name', [['a.b.c.d.e.f.g.h.i', '1']]],
  ])('must report %s', (_title, pairs) => {
    const { faults } = read(...pairs);
    expect(faults).toEqual([{ parameter: pairs.at(-1)![0], message: expect.any(String) }]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
