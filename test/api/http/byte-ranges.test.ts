import { describe, expect, test } from '@jest/globals';
import { Problem, requestedRanges } from '@musistrata/api';

/** Cases of RFC 9110 sections 14.1.2, 14.2 and 17.15, on a file of 10,000 bytes as in the examples there. */
describe('requestedRanges', () => {
  test.each<[string, [number, number][]]>([
    ['bytes=0-499', [[0, 499]]],
    ['bytes=500-999', [[500, 999]]],
    ['bytes=-500', [[9500, 9999]]],
    ['bytes=9500-', [[9500, 9999]]],
    [
      'bytes=0-0,-1',
      [
        [0, 0],
        [9999, 9999],
      ],
    ],
    [
      'bytes= 0-0, 4500-5499, -1000',
      [
        [0, 0],
        [4500, 5499],
        [9000, 9999],
      ],
    ],
    [
      'bytes=9000-9999,0-99',
      [
        [9000, 9999],
        [0, 99],
      ],
    ],
    ['bytes=9990-20000', [[9990, 9999]]],
    ['bytes=-20000', [[0, 9999]]],
    ['bytes=0-9,20000-', [[0, 9]]],
    ['BYTES=5-6', [[5, 6]]],
    ['bytes=,1-2,,', [[1, 2]]],
  ])('must read %s', (header, ranges) => {
    expect(requestedRanges(header, 10_000)).toEqual(ranges.map(([start, end]) => ({ start, end })));
  });

  test.each([
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'bytes=5-2',
    'bytes=0-1,5-2',
    'bytes=0x1-0x2',
    'bytes=1.5-2',
    'bytes=--5',
    'items=0-5',
    `bytes=${Array.from({ length: 65 }, (_, index) => `${index * 2}-${index * 2}`).join(',')}`,
    'bytes=0-100,50-150',
  ])('must send the whole file for %s', (header) => {
    expect(requestedRanges(header, 10_000)).toBeNull();
  });

  test.each(['bytes=10000-', 'bytes=10000-10001,20000-', 'bytes=-0'])('must refuse %s', (header) => {
    expect(() => requestedRanges(header, 10_000)).toThrow(Problem);
  });

  test('must refuse any range of an empty file', () => {
    expect(() => requestedRanges('bytes=0-', 0)).toThrow(Problem);
  });
});
