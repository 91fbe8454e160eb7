import { ARITIES, CONSTANTS, VARIABLES, type Variable } from './functions.js';
import { describeToken, FormulaError, type Token, tokenize } from './tokens.js';

export const FORMULA_LIMITS = {
  /** Characters of one expression. */
  length: 4000,
  /** Nesting of parentheses, calls and signs. */
  depth: 60,
  /** Operators, calls, numbers and names of one expression. */
  nodes: 500,
} as const;

export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'variable'; readonly name: Variable }
  | { readonly type: 'call'; readonly name: string; readonly arguments: readonly Expression[] };

/** Binary operators by how tightly they bind; all of them group from the left except `^`. */
const BINARY_OPERATORS: ReadonlyMap<string, { readonly power: number; readonly name: string; readonly swap?: true }> =
  new Map([
    ['==', { power: 1, name: 'equal' }],
    ['!=', { power: 1, name: 'notEqual' }],
    ['<', { power: 2, name: 'less' }],
    ['<=', { power: 2, name: 'lessOrEqual' }],
    ['>', { power: 2, name: 'less', swap: true }],
    ['>=', { power: 2, name: 'lessOrEqual', swap: true }],
    ['+', { power: 3, name: 'add' }],
    ['-', { power: 3, name: 'subtract' }],
    ['*', { power: 4, name: 'multiply' }],
    ['/', { power: 4, name: 'divide' }],
    ['%', { power: 4, name: 'mod' }],
  ]);

const OPERAND = 'a number, a variable, a function or "("';

/**
 * Reads an expression: + - * / % ^ (or **), comparisons, `condition ? a : b`, parentheses, numbers, the variables and functions of the
 * allow-list. `^` binds tighter than a sign before it (-2^2 is -4). Throws FormulaError with the position and what was expected.
 */
export function parseFormula(text: string): Expression {
  if (text.length > FORMULA_LIMITS.length) {
    throw new FormulaError(FORMULA_LIMITS.length, `at most ${FORMULA_LIMITS.length} characters`, `${text.length}`);
  }
  return new Parser(tokenize(text)).parse();
}

class Parser {
  private next = 0;
  private depth = 0;
  private nodes = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): Expression {
    const expression = this.ternary();
    if (this.token.kind !== 'end') throw this.expected('an operator or the end');
    return expression;
  }

  private get token(): Token {
    return this.tokens[this.next]!;
  }

  private ternary(): Expression {
    const condition = this.binary(1);
    if (!this.take('?')) return condition;
    const yes = this.nested(() => this.ternary());
    if (!this.take(':')) throw this.expected('":"');
    return this.call('choose', [condition, yes, this.nested(() => this.ternary())]);
  }

  private binary(power: number): Expression {
    let left = this.unary();
    for (;;) {
      const operator = this.token.kind === 'operator' ? BINARY_OPERATORS.get(this.token.text) : undefined;
      if (operator === undefined || operator.power < power) return left;
      this.next++;
      const right = this.binary(operator.power + 1);
      left = this.call(operator.name, operator.swap ? [right, left] : [left, right]);
    }
  }

  private unary(): Expression {
    if (this.take('-')) return this.call('negate', [this.nested(() => this.unary())]);
    if (this.take('+')) return this.nested(() => this.unary());
    const base = this.primary();
    if (!this.take('^') && !this.take('**')) return base;
    return this.call('pow', [base, this.nested(() => this.unary())]);
  }

  private primary(): Expression {
    const token = this.token;
    if (token.kind === 'number') {
      this.next++;
      return this.count({ type: 'number', value: Number(token.text) });
    }
    if (token.kind === 'name') return this.name(token);
    if (!this.take('(')) throw this.expected(OPERAND);
    const inner = this.nested(() => this.ternary());
    if (!this.take(')')) throw this.expected('an operator or ")"');
    return inner;
  }

  private name(token: Token): Expression {
    this.next++;
    const arity = ARITIES.get(token.text);
    if (arity !== undefined) return this.call(token.text, this.callArguments(token, arity));
    if (Object.hasOwn(CONSTANTS, token.text)) return this.count({ type: 'number', value: CONSTANTS[token.text]! });
    const variable = VARIABLES.find((name) => name === token.text);
    if (variable !== undefined) return this.count({ type: 'variable', name: variable });
    throw new FormulaError(
      token.position,
      `one of ${[...VARIABLES, ...Object.keys(CONSTANTS)].join(', ')} or a function (${[...ARITIES.keys()].join(', ')})`,
      describeToken(token),
    );
  }

  private callArguments(token: Token, [fewest, most]: readonly [number, number]): Expression[] {
    if (!this.take('(')) throw this.expected(`"(" after ${token.text}`);
    const given: Expression[] = [];
    if (!this.take(')')) {
      do given.push(this.nested(() => this.ternary()));
      while (this.take(','));
      if (!this.take(')')) throw this.expected('an operator, "," or ")"');
    }
    if (given.length < fewest || given.length > most) {
      const wanted = fewest === most ? `${most}` : `${fewest} to ${most}`;
      throw new FormulaError(token.position, `${wanted} arguments for ${token.text}`, `${given.length}`);
    }
    return given;
  }

  private take(operator: string): boolean {
    if (this.token.kind !== 'operator' || this.token.text !== operator) return false;
    this.next++;
    return true;
  }

  private call(name: string, given: readonly Expression[]): Expression {
    return this.count({ type: 'call', name, arguments: given });
  }

  private nested(read: () => Expression): Expression {
    if (++this.depth > FORMULA_LIMITS.depth) throw this.expected(`at most ${FORMULA_LIMITS.depth} levels of nesting`);
    const expression = read();
    this.depth--;
    return expression;
  }

  private count(expression: Expression): Expression {
    if (++this.nodes > FORMULA_LIMITS.nodes) throw this.expected(`at most ${FORMULA_LIMITS.nodes} operations`);
    return expression;
  }

  private expected(what: string): FormulaError {
    return new FormulaError(this.token.position, what, describeToken(this.token));
  }
}
