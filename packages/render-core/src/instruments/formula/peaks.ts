import { SEGMENT_FRAMES } from '../playing/voice.js';
import { FormulaMachine } from './machine.js';
import type { FormulaProgram } from './program.js';

/** Different notes whose peaks are remembered. */
const REMEMBERED = 4096;

/** How loud a formula is by itself, note by note. Measured on its first use, since it takes a while. */
export class FormulaPeaks {
  private readonly known = new Map<string, number>();

  constructor(
    private readonly program: FormulaProgram,
    private readonly seconds: number,
  ) {}

  /** The factor that brings the largest absolute value at this frequency (Hz) and full velocity to 1. */
  gain(key: number, frequency: number, sampleRate: number): number {
    const id = `${key} ${frequency} ${sampleRate}`;
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const peak = this.measure(key, frequency, sampleRate);
    const gain = peak > 0 ? 1 / peak : 1;
    if (this.known.size >= REMEMBERED) this.known.clear();
    this.known.set(id, gain);
    return gain;
  }

  private measure(key: number, frequency: number, sampleRate: number): number {
    const machine = new FormulaMachine(this.program, sampleRate);
    const state = machine.createState();
    machine.start(state, { frequency, velocity: 1, key, seed: 0 });
    machine.gate.fill(1);
    machine.ratio.fill(1);
    const frames = Math.round(this.seconds * sampleRate);
    let peak = 0;
    for (let frame = 0; frame < frames; frame += SEGMENT_FRAMES) {
      const run = Math.min(SEGMENT_FRAMES, frames - frame);
      for (let i = 0; i < run; i++) machine.time[i] = (frame + i) / sampleRate;
      machine.run(state, run);
      for (let i = 0; i < run; i++) {
        const value = Math.abs(machine.output[i]!);
        if (value > peak && value < Number.POSITIVE_INFINITY) peak = value;
      }
    }
    return peak;
  }
}
