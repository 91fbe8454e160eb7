import type { ControllerEvent, PartEvent } from '../performance.js';
import type { TuningChange } from './change.js';

const KEYS = 128;
const DATA_ENTRY = 6;
const DATA_INCREMENT = 96;
const DATA_DECREMENT = 97;
const NRPN_LSB = 98;
const NRPN_MSB = 99;
const RPN_LSB = 100;
const RPN_MSB = 101;
/** Registered parameters that select a tuning program and its bank (CA-020). */
const TUNING_PROGRAM = 3;
const TUNING_BANK = 4;

/**
 * Everything that tunes one part. Program 0 of bank 0 is selected from the start, so that files that only retune it sound as meant.
 * Messages at one time are gathered into one event: {@link flush}.
 */
export class PartTuning {
  /** Seconds at which the pending changes were made. */
  time = 0;
  readonly #programs = new Map<number, Float64Array>();
  readonly #scale = new Float64Array(12);
  #selected = 0;
  #fine = 0;
  #coarse = 0;
  #parameterMsb = 127;
  #parameterLsb = 127;
  /** Tables in use, by tuning program: a score may select the same ones again and again. */
  readonly #tables = new Map<number, readonly number[]>();
  #masterPending = false;
  #tablePending = false;

  /** @param percussion whether keys are drums now: those are not transposed by coarse tuning (CA-025). */
  constructor(private percussion: boolean) {}

  get pending(): boolean {
    return this.#masterPending || this.#tablePending;
  }

  reset(): void {
    this.#programs.clear();
    this.#scale.fill(0);
    this.#selected = 0;
    this.#fine = 0;
    this.#coarse = 0;
    this.#tables.clear();
  }

  setPercussion(on: boolean, time: number): void {
    if (on === this.percussion) return;
    this.percussion = on;
    if (this.#coarse === 0) return;
    this.time = time;
    this.#masterPending = true;
  }

  change(change: TuningChange, time: number): void {
    this.time = time;
    switch (change.type) {
      case 'fineTuning':
        this.#fine = change.cents;
        this.#masterPending = true;
        break;
      case 'coarseTuning':
        this.#coarse = change.cents;
        this.#masterPending = true;
        break;
      case 'scaleTuning':
        for (const [step, cents] of change.steps) this.#scale[step] = cents;
        this.#tables.clear();
        this.#tablePending = true;
        break;
      case 'keyTuning': {
        const program = this.#programs.get(change.program) ?? new Float64Array(KEYS);
        this.#programs.set(change.program, program);
        for (const [key, cents] of change.keys) program[key] = cents;
        this.#tables.delete(change.program);
        if (change.program === this.#selected) this.#tablePending = true;
      }
    }
  }

  /** Follows the controllers that select a tuning. */
  controller({ controller, value, time }: ControllerEvent): void {
    if (controller === RPN_MSB) this.#parameterMsb = value;
    else if (controller === RPN_LSB) this.#parameterLsb = value;
    else if (controller === NRPN_LSB || controller === NRPN_MSB) this.#parameterMsb = 127;
    else if (this.#parameterMsb === 0 && (this.#parameterLsb === TUNING_PROGRAM || this.#parameterLsb === TUNING_BANK))
      this.#select(controller, value, time);
  }

  #select(controller: number, value: number, time: number): void {
    const inBank = this.#parameterLsb === TUNING_PROGRAM;
    const now = inBank ? this.#selected & 127 : this.#selected >> 7;
    const step = controller === DATA_INCREMENT ? 1 : controller === DATA_DECREMENT ? -1 : null;
    if (step === null && controller !== DATA_ENTRY) return;
    const chosen = step === null ? value : Math.min(127, Math.max(0, now + step));
    const selected = inBank ? (this.#selected & ~127) | chosen : (chosen << 7) | (this.#selected & 127);
    const known = this.#programs.has(selected) || this.#programs.has(this.#selected);
    this.#selected = selected;
    if (!known) return;
    this.time = time;
    this.#tablePending = true;
  }

  /** Writes the outcome of the pending changes. */
  flush(events: PartEvent[]): void {
    const { time } = this;
    if (this.#masterPending) {
      const cents = this.#fine + (this.percussion ? 0 : this.#coarse);
      events.push({ kind: 'system', time, message: { type: 'masterTuning', cents } });
    }
    if (this.#tablePending) events.push({ kind: 'system', time, message: { type: 'tuning', cents: this.#table() } });
    this.#masterPending = false;
    this.#tablePending = false;
  }

  #table(): readonly number[] {
    const program = this.#programs.get(this.#selected);
    // Programs that hold nothing share one table.
    const name = program === undefined ? -1 : this.#selected;
    const table =
      this.#tables.get(name) ??
      Array.from({ length: KEYS }, (_, key) => (program?.[key] ?? 0) + this.#scale[key % 12]!);
    this.#tables.set(name, table);
    return table;
  }
}
