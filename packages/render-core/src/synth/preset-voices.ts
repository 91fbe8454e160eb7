import { type Articulation, articulate } from './bank/articulation.js';
import type { BankData, PresetData } from './bank/bank-data.js';

/** The articulations of a preset, found by key. */
export class PresetVoices {
  readonly #all: readonly Articulation[];
  readonly #byKey: (readonly Articulation[])[] = [];

  constructor(bank: BankData, preset: PresetData) {
    this.#all = articulate(bank, preset);
  }

  /** Articulations of a key, for all velocities, in the order of the preset's zones. */
  ofKey(key: number): readonly Articulation[] {
    this.#byKey[key] ??= this.#all.filter(({ lowKey, highKey }) => lowKey <= key && key <= highKey);
    return this.#byKey[key];
  }
}

const known = new WeakMap<PresetData, PresetVoices>();

/** The articulations of a preset; worked out once in each thread. */
export function presetVoices(bank: BankData, preset: PresetData): PresetVoices {
  let voices = known.get(preset);
  if (voices === undefined) {
    voices = new PresetVoices(bank, preset);
    known.set(preset, voices);
  }
  return voices;
}
