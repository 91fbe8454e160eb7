import { expect, test } from '@jest/globals';
import { ProgressLine } from '@musistrata/client/cli';

function terminal(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { written, isTTY, columns, write: (text: string) => written.push(text) };
}

test('nothing is written where there is no terminal', () => {
  const output = terminal(false);
  const line = new ProgressLine(output);
  line.show('a.mid', { phase: 'rendering', done: 1, total: 2 });
  line.clear();
  expect(output.written).toEqual([]);
});

test('the line shows how far the render is, at most ten times a second, and is gone at the end', () => {
  const output = terminal(true);
  let now = 0;
  const line = new ProgressLine(output, () => now);
  line.show('a.mid', { phase: 'queued', before: 2 });
  for (now = 1000; now < 2000; now += 10) line.show('a.mid', { phase: 'rendering', done: now / 100, total: 40 });
  line.clear();
  expect(output.written[0]).toContain('a.mid  in the queue, 2 before it');
  expect(output.written.length).toBeLessThanOrEqual(12);
  // 19 s of audio in 0.9 s.
  expect(output.written.at(-2)).toMatch(/\[=+ +\] +47 % {2}0:19 of 0:40 {2}2[01]x/);
  expect(output.written.at(-1)).toBe('\r\x1b[2K');
});

test('a narrow terminal gets a line that fits', () => {
  const output = terminal(true, 20);
  new ProgressLine(output).show('a very long name.mid', { phase: 'downloading', done: 1, total: 2 });
  expect(output.written[0]?.replace('\r\x1b[2K', '')).toHaveLength(19);
});
