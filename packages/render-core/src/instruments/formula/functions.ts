/** Everything that a formula can compute. Names not in these lists do not exist. */

export const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, tau: 2 * Math.PI, e: Math.E };

/** frequency in Hz, time in seconds since the note began, velocity 0-1, key 0-127, gate 1 while the key is held and then 0. */
export const VARIABLES = ['frequency', 'time', 'velocity', 'key', 'gate'] as const;
export type Variable = (typeof VARIABLES)[number];

type Unary = (a: number) => number;
type Binary = (a: number, b: number) => number;
type Ternary = (a: number, b: number, c: number) => number;

export const UNARY: Readonly<Record<string, Unary>> = {
  negate: (a) => -a,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
  fract: (a) => a - Math.floor(a),
  sign: Math.sign,
};

export const BINARY: Readonly<Record<string, Binary>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  mod: (a, b) => a - b * Math.floor(a / b),
  pow: (a, b) => a ** b,
  min: Math.min,
  max: Math.max,
  atan2: Math.atan2,
  less: (a, b) => (a < b ? 1 : 0),
  lessOrEqual: (a, b) => (a <= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
  notEqual: (a, b) => (a !== b ? 1 : 0),
};

export const TERNARY: Readonly<Record<string, Ternary>> = {
  choose: (a, b, c) => (a !== 0 ? b : c),
  clamp: (a, b, c) => Math.min(Math.max(a, b), c),
  mix: (a, b, c) => a + (b - a) * c,
};

/** Band-limited oscillators: of a frequency alone, or of a frequency and a time (and, for pulse, a width after them). */
export const OSCILLATORS = ['sine', 'saw', 'square', 'triangle', 'pulse'] as const;
export type Oscillator = (typeof OSCILLATORS)[number];

const OPERATOR_FUNCTIONS = new Set([
  'negate',
  'add',
  'subtract',
  'multiply',
  'divide',
  'less',
  'lessOrEqual',
  'equal',
  'notEqual',
  'choose',
]);

type Arity = readonly [fewest: number, most: number];

/** How many arguments the functions take that formulas may call by name. */
export const ARITIES: ReadonlyMap<string, Arity> = new Map<string, Arity>([
  ...names(UNARY).map((name): [string, Arity] => [name, [1, 1]]),
  ...names(BINARY).map((name): [string, Arity] => [name, [2, 2]]),
  ...names(TERNARY).map((name): [string, Arity] => [name, [3, 3]]),
  ['sine', [1, 2]],
  ['saw', [1, 2]],
  ['square', [1, 2]],
  ['triangle', [1, 2]],
  ['pulse', [2, 3]],
  ['noise', [0, 1]],
]);

function names(functions: object): string[] {
  return Object.keys(functions).filter((name) => !OPERATOR_FUNCTIONS.has(name));
}

/** Every name that means something in a formula. */
export const FORMULA_NAMES: readonly string[] = [...VARIABLES, ...Object.keys(CONSTANTS), ...ARITIES.keys()];
