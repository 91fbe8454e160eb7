import { describe, expect, test } from '@jest/globals';
import { FormulaError, FormulaSource, formulaDefinitionSchema, parseFormula } from '@musistrata/render-core';
import { formula } from './formula-rig.js';
import { seededRandom } from './measure.js';
import { note, part, record } from './rig.js';

/** The value of a formula a few frames into a note, undone from pan and velocity. */
function valueInNote(expression: string): number {
  const source = formula(expression, { normalize: false, attackSeconds: 0 });
  return record(source, part([note({ key: 60 })]), { seconds: 0.01 }).left[10]! / Math.SQRT1_2;
}

function errorOf(expression: string): FormulaError {
  try {
    parseFormula(expression);
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
  throw new Error(`"${expression}" was accepted`);
}

describe('the formula language', () => {
  test.each([
    ['(1 + 2 * 3 - 4 / 8) / 8', 6.5 / 8],
    ['2 ^ 3 ^ 0.5 / 2', 2 ** (3 ** 0.5) / 2],
    ['-2 ^ 2 / 2', -2],
    ['2 ** -1', 0.5],
    ['7.5 % 2 - (-1) % 3', 1.5 - 2],
    ['1 < 2', 1],
    ['(2 <= 1) + (3 >= 3) + (1 != 1) + (4 == 4)', 2],
    ['0 ? 3 : 1 > 2 ? 1 : 0.25', 0.25],
    ['sin(0.5) * cos(0.5) + exp(-1) + log(2)', Math.sin(0.5) * Math.cos(0.5) + Math.exp(-1) + Math.log(2)],
    ['min(1, max(0.25, 0.1)) + clamp(5, 0, 1) + mix(0, 1, 0.5)', 0.25 + 1 + 0.5],
    ['fract(-0.25) + floor(1.5) + sign(-2) + abs(-1)', 0.75 + 1 - 1 + 1],
    ['1e-1 + .5 + 2.', 2.6],
    ['time * 44100 / 10', 1],
    ['key / 60 + gate', 2],
    ['velocity * 127 / 100', 1],
    ['frequency / 261.6255653', 1],
    ['tau - 2 * pi + e - exp(1)', 0],
  ])('%s', (expression, value) => {
    expect(valueInNote(expression)).toBeCloseTo(value, 5);
  });

  test.each([
    ['1 +', 3, 'a number'],
    ['sin(1', 5, '")"'],
    ['sin 1', 4, '"("'],
    ['(1 + 2', 6, '")"'],
    ['foo(1)', 0, 'sin'],
    ['frequency time', 10, 'an operator or the end'],
    ['1 $ 2', 2, 'an operator'],
    ['pow(1)', 0, '2 arguments'],
    ['1 ? 2', 5, '":"'],
    ['', 0, 'a number'],
    ['constructor', 0, 'frequency'],
    ['__proto__', 0, 'frequency'],
    ['this.process', 4, 'a number, a name or an operator'],
  ])('refuses "%s" and says where and what was expected', (expression, position, expected) => {
    const error = errorOf(expression);
    expect(error.position).toBe(position);
    expect(error.message).toContain(expected);
    expect(error.code).toBe('invalid-formula');
  });

  test('limits length, nesting and size', () => {
    expect(errorOf('1'.repeat(4001)).expected).toContain('4000 characters');
    expect(errorOf('('.repeat(1000)).expected).toContain('60 levels');
    expect(errorOf('-'.repeat(1000)).expected).toContain('60 levels');
    expect(errorOf(Array(600).fill('1').join('+')).expected).toContain('500 operations');
  });

  test('reports every unreadable term with a pointer', () => {
    const terms = [{ expression: '1 +' }, { expression: 'sin(time)' }, { expression: 'x' }];
    const definition = formulaDefinitionSchema.parse({ type: 'formula', name: 'bad', terms });
    expect(() => new FormulaSource(definition)).toThrow(
      expect.objectContaining({
        code: 'invalid-formula',
        errors: [
          { pointer: '/terms/0/expression', message: expect.stringContaining('column 4') },
          { pointer: '/terms/2/expression', message: expect.stringContaining('column 1') },
        ],
      }),
    );
  });

  test('any text is either played without NaN or refused as a formula', () => {
    const random = seededRandom(7);
    const pieces = [
      'sin(',
      'saw(',
      'noise(',
      ')',
      ',',
      'time',
      'frequency',
      '1e308',
      '*',
      '/',
      '-',
      '^',
      '0',
      '?',
      ':',
      'log(',
    ];
    let played = 0;
    for (let round = 0; round < 2000; round++) {
      const length = 1 + Math.floor(random() * 9);
      const text = Array.from({ length }, () => pieces[Math.floor(random() * pieces.length)]).join('');
      try {
        const source = formula(text, { normalize: random() < 0.02 });
        const { left } = record(source, part([note({ duration: 0.002 })]), { seconds: 0.004 });
        expect(left.every((value) => Math.abs(value) <= 4)).toBe(true);
        played++;
      } catch (error) {
        expect(error).toHaveProperty('code', 'invalid-formula');
      }
    }
    expect(played).toBeGreaterThan(50);
  });
});
