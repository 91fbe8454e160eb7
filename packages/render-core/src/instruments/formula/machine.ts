import { mixSeed } from '../playing/seed.js';
import { SEGMENT_FRAMES } from '../playing/voice.js';
import { BINARY, type Oscillator, TERNARY, UNARY } from './functions.js';
import { applyFunction, type FormulaProgram, type ProgramNode } from './program.js';
import { sawTable, triangleTable } from './wavetable.js';

const { exp, floor, PI, sin } = Math;

/** What a voice remembers of a formula between segments. */
export interface FormulaState {
  /** Values that change once per note, one per node. */
  readonly noteValues: Float64Array;
  /** Phases of oscillators and states of noises. */
  readonly memory: Float64Array;
}

/** A note as a formula sees it. */
export interface FormulaNote {
  /** Hz. */
  readonly frequency: number;
  /** 0-1. */
  readonly velocity: number;
  /** 0-127. */
  readonly key: number;
  /** Seed of the noise of this note. */
  readonly seed: number;
}

/** Phase that an oscillator has before its first frame. */
const UNSET = Number.NaN;

type Step = (frames: number) => void;

/** Evaluates a program segment by segment in buffers of its own; voices take turns. */
export class FormulaMachine {
  /** Seconds since the note began, in frames: set before {@link run}. */
  readonly time = new Float64Array(SEGMENT_FRAMES);
  readonly gate = new Float64Array(SEGMENT_FRAMES);
  /** Frequency ratio of the wheel. */
  readonly ratio = new Float64Array(SEGMENT_FRAMES);
  /** The sound after {@link run}. */
  readonly output: Float64Array;
  private readonly values: Float64Array[];
  private readonly steps: Step[] = [];
  /** Nodes that change once per note but are read every frame. */
  private readonly broadcast: number[] = [];
  private memory: Float64Array = new Float64Array(0);

  constructor(
    private readonly program: FormulaProgram,
    private readonly sampleRate: number,
  ) {
    this.values = program.nodes.map((node) => this.buffer(node));
    program.nodes.forEach((node, index) => {
      if (node.rate === 'note') this.broadcast.push(index);
      if (node.rate === 'frame' && node.operation.type !== 'variable') this.steps.push(this.step(node, index));
    });
    this.output = this.values[program.output]!;
  }

  /** Memory for one voice. */
  createState(): FormulaState {
    return {
      noteValues: new Float64Array(this.program.nodes.length),
      memory: new Float64Array(this.program.stateSize),
    };
  }

  /** Readies a voice for a note. */
  start(state: FormulaState, note: FormulaNote): void {
    const { noteValues, memory } = state;
    memory.fill(UNSET);
    this.program.nodes.forEach((node, index) => {
      const { operation } = node;
      if (operation.type === 'number') noteValues[index] = operation.value;
      else if (operation.type === 'noise') {
        const stream = node.operands.length > 0 ? noteValues[node.operands[0]!]! : 0x9e3779b9 * (index + 1);
        memory[operation.state] = mixSeed(note.seed, Math.floor(stream));
      } else if (node.rate !== 'note') return;
      else if (operation.type === 'variable') {
        noteValues[index] = operation.name === 'time' || operation.name === 'gate' ? 0 : note[operation.name];
      } else if (operation.type === 'function') {
        noteValues[index] = applyFunction(
          operation.name,
          node.operands.map((operand) => noteValues[operand]!),
        );
      }
    });
  }

  /** Computes the next frames of a voice into {@link output}. */
  run(state: FormulaState, frames: number): void {
    for (const index of this.broadcast) this.values[index]!.fill(state.noteValues[index]!, 0, frames);
    this.memory = state.memory;
    for (const step of this.steps) step(frames);
  }

  private buffer(node: ProgramNode): Float64Array {
    const { operation } = node;
    if (operation.type === 'variable' && operation.name === 'time') return this.time;
    if (operation.type === 'variable' && operation.name === 'gate') return this.gate;
    const values = new Float64Array(SEGMENT_FRAMES);
    return operation.type === 'number' ? values.fill(operation.value) : values;
  }

  private step(node: ProgramNode, index: number): Step {
    const out = this.values[index]!;
    const operands = node.operands.map((operand) => this.values[operand]!);
    const { operation } = node;
    if (operation.type === 'oscillator') return this.oscillator(operation.name, operation.state, out, operands);
    if (operation.type === 'noise') return this.noise(operation.state, out);
    return functionStep('name' in operation ? operation.name : '', out, operands);
  }

  /** Of a frequency and a time, the phase is their product; of a frequency alone, the phase grows by it, bent by the wheel. */
  private oscillator(name: Oscillator, state: number, out: Float64Array, operands: Float64Array[]): Step {
    const wave = waveform(name);
    const width = name === 'pulse' ? operands.at(-1)! : null;
    const [frequency, time] = operands as [Float64Array, Float64Array | undefined];
    const timed = operands.length > (name === 'pulse' ? 2 : 1) ? time! : null;
    return (frames) => {
      const { memory, ratio, sampleRate } = this;
      let previous = memory[state]!;
      for (let i = 0; i < frames; i++) {
        let increment = (frequency[i]! * ratio[i]!) / sampleRate;
        let phase: number;
        if (timed !== null) {
          phase = frequency[i]! * timed[i]!;
          if (!Number.isNaN(previous)) increment = phase - previous;
        } else {
          phase = Number.isNaN(previous) ? 0 : previous;
        }
        const value = Number.isFinite(phase) ? wave(phase, increment, width === null ? 0.5 : width[i]!) : 0;
        out[i] = value;
        previous = timed !== null ? phase : phase + increment;
      }
      memory[state] = timed !== null ? previous : previous - Math.floor(previous);
    };
  }

  /** White noise in -1..1 from a 32-bit xorshift generator (Marsaglia 2003). */
  private noise(state: number, out: Float64Array): Step {
    return (frames) => {
      let x = this.memory[state]! | 0;
      for (let i = 0; i < frames; i++) {
        x ^= x << 13;
        x ^= x >>> 17;
        x ^= x << 5;
        out[i] = x / 0x80000000;
      }
      this.memory[state] = x;
    };
  }
}

type Wave = (phase: number, increment: number, width: number) => number;

function waveform(name: Oscillator): Wave {
  if (name === 'sine') return (phase) => sin(2 * PI * (phase - floor(phase)));
  if (name === 'triangle') {
    const table = triangleTable();
    return (phase, increment) => table.at(phase, increment);
  }
  const table = sawTable();
  if (name === 'saw') return (phase, increment) => table.at(phase, increment);
  // A pulse is the difference of two saws that jump at its edges: 1 for `width` of the period from phase 0, then -1.
  return (phase, increment, width) => {
    const share = Math.min(1, Math.max(0, width));
    return table.at(phase + 0.5 - share, increment) - table.at(phase + 0.5, increment) + 2 * share - 1;
  };
}

function functionStep(name: string, out: Float64Array, operands: Float64Array[]): Step {
  const [a, b, c] = operands as [Float64Array, Float64Array, Float64Array];
  switch (name) {
    case 'add':
      return (frames) => {
        for (let i = 0; i < frames; i++) out[i] = a[i]! + b[i]!;
      };
    case 'subtract':
      return (frames) => {
        for (let i = 0; i < frames; i++) out[i] = a[i]! - b[i]!;
      };
    case 'multiply':
      return (frames) => {
        for (let i = 0; i < frames; i++) out[i] = a[i]! * b[i]!;
      };
    case 'sin':
      return (frames) => {
        for (let i = 0; i < frames; i++) out[i] = sin(a[i]!);
      };
    case 'exp':
      return (frames) => {
        for (let i = 0; i < frames; i++) out[i] = exp(a[i]!);
      };
  }
  const unary = UNARY[name];
  if (unary !== undefined) {
    return (frames) => {
      for (let i = 0; i < frames; i++) out[i] = unary(a[i]!);
    };
  }
  const binary = BINARY[name];
  if (binary !== undefined) {
    return (frames) => {
      for (let i = 0; i < frames; i++) out[i] = binary(a[i]!, b[i]!);
    };
  }
  const ternary = TERNARY[name]!;
  return (frames) => {
    for (let i = 0; i < frames; i++) out[i] = ternary(a[i]!, b[i]!, c[i]!);
  };
}
