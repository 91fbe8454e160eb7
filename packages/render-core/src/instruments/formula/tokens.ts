import { InstrumentError } from '../instrument-error.js';

export type TokenKind = 'number' | 'name' | 'operator' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset of the first character in the expression. */
  readonly position: number;
}

/** A formula that cannot be read: where, and what would have been right. */
export class FormulaError extends InstrumentError {
  constructor(
    /** Offset in the expression, from 0. */
    readonly position: number,
    readonly expected: string,
    found: string,
  ) {
    const message = `column ${position + 1}: expected ${expected}, found ${found}`;
    super('invalid-formula', message, [{ pointer: '', message }]);
  }
}

const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /<=|>=|==|!=|\*\*|[-+*/%^(),?:<>]/y;
const SPACE = /\s+/y;

/** Divides an expression into tokens; the last one is `end`. Throws FormulaError at a character that has no meaning. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = position;
    return pattern.exec(text)?.[0] ?? null;
  };
  while (position < text.length) {
    const space = match(SPACE);
    if (space !== null) {
      position += space.length;
      continue;
    }
    const token = match(NUMBER);
    const name = token === null ? match(NAME) : null;
    const found = token ?? name ?? match(OPERATOR);
    if (found === null) {
      throw new FormulaError(position, 'a number, a name or an operator', quote(text.codePointAt(position)!));
    }
    tokens.push({ kind: token !== null ? 'number' : name !== null ? 'name' : 'operator', text: found, position });
    position += found.length;
  }
  tokens.push({ kind: 'end', text: '', position });
  return tokens;
}

/** A token as error messages show it. */
export function describeToken(token: Token): string {
  return token.kind === 'end' ? 'the end' : JSON.stringify(token.text.slice(0, 40));
}

function quote(codePoint: number): string {
  return JSON.stringify(String.fromCodePoint(codePoint));
}
