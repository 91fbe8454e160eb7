import { BINARY, OSCILLATORS, type Oscillator, TERNARY, UNARY, type Variable } from './functions.js';
import type { Expression } from './parser.js';

/** How often a value changes: never, once per note, or every frame. */
export type Rate = 'constant' | 'note' | 'frame';

export type Operation =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'variable'; readonly name: Variable }
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'oscillator'; readonly name: Oscillator; readonly state: number }
  | { readonly type: 'noise'; readonly state: number };

/** One value of a program; its operands stand before it. */
export interface ProgramNode {
  readonly operation: Operation;
  readonly operands: readonly number[];
  readonly rate: Rate;
}

/** A formula as a list of operations in order of evaluation: constants are folded, and equal terms are computed once. */
export interface FormulaProgram {
  readonly nodes: readonly ProgramNode[];
  /** Index of the node that is the sound. */
  readonly output: number;
  /** Numbers of state that every voice needs. */
  readonly stateSize: number;
}

/** Translates the sum of some terms. */
export function compileFormula(terms: readonly { expression: Expression; gain: number }[]): FormulaProgram {
  const builder = new Builder();
  const sum = terms
    .map(({ expression, gain }) => builder.call('multiply', [builder.add(expression), builder.number(gain)]))
    .reduce((left, right) => builder.call('add', [left, right]));
  return builder.finish(sum);
}

class Builder {
  private readonly nodes: ProgramNode[] = [];
  private readonly known = new Map<string, number>();
  private stateSize = 0;

  add(expression: Expression): number {
    if (expression.type === 'number') return this.number(expression.value);
    if (expression.type === 'variable') return this.variable(expression.name);
    const operands = expression.arguments.map((argument) => this.add(argument));
    const oscillator = OSCILLATORS.find((name) => name === expression.name);
    if (oscillator !== undefined) {
      return this.node({ type: 'oscillator', name: oscillator, state: this.stateSize }, operands, 'frame', 2);
    }
    if (expression.name === 'noise') {
      return this.node({ type: 'noise', state: this.stateSize }, operands, 'frame', 1);
    }
    return this.call(expression.name, operands);
  }

  number(value: number): number {
    return this.node({ type: 'number', value }, [], 'constant');
  }

  call(name: string, operands: number[]): number {
    const values = operands.map((index) => this.constant(index));
    if (!values.includes(null)) return this.number(applyFunction(name, values as number[]));
    if (name === 'multiply' && values.includes(1)) return operands[values[0] === 1 ? 1 : 0]!;
    if (name === 'pow' && values[1] === 2) return this.call('multiply', [operands[0]!, operands[0]!]);
    if (name === 'pow' && values[1] === 0.5) return this.call('sqrt', [operands[0]!]);
    const rate = operands.some((index) => this.nodes[index]!.rate === 'frame') ? 'frame' : 'note';
    return this.node({ type: 'function', name }, operands, rate);
  }

  finish(output: number): FormulaProgram {
    return { nodes: this.nodes, output, stateSize: this.stateSize };
  }

  private variable(name: Variable): number {
    return this.node({ type: 'variable', name }, [], name === 'time' || name === 'gate' ? 'frame' : 'note');
  }

  private constant(index: number): number | null {
    const { operation } = this.nodes[index]!;
    return operation.type === 'number' ? operation.value : null;
  }

  /** Equal nodes become one, except noise without a seed, which is new noise wherever it stands. */
  private node(operation: Operation, operands: readonly number[], rate: Rate, state = 0): number {
    const what =
      operation.type === 'number' ? `#${operation.value}` : 'name' in operation ? operation.name : operation.type;
    const key = `${what}(${operands.join(',')})`;
    const known = this.known.get(key);
    if (known !== undefined && !(operation.type === 'noise' && operands.length === 0)) return known;
    this.stateSize += state;
    this.known.set(key, this.nodes.length);
    return this.nodes.push({ operation, operands, rate }) - 1;
  }
}

/** The value of a function of the allow-list, by name. */
export function applyFunction(name: string, values: readonly number[]): number {
  const [a = 0, b = 0, c = 0] = values;
  return UNARY[name]?.(a) ?? BINARY[name]?.(a, b) ?? TERNARY[name]?.(a, b, c) ?? Number.NaN;
}
