import { isModulator, isSameModulator, type Modulator } from './modulators.js';
import { tooLarge } from './sound-font-error.js';

/** More than any real zone has; all of them meet in every voice. */
const MOST_MODULATORS = 128;
const NONE: readonly Modulator[] = [];

/** Reads modulators from the words of a table (SF2.04 7.4). Equal ones are one object. */
export class ModulatorReader {
  readonly #words: Uint16Array;
  readonly #known = new Map<number, Modulator>();

  constructor(words: Uint16Array) {
    this.#words = words;
  }

  /**
   * The modulators of some records, without those that are to be ignored: of two that differ in nothing but their amount, the first.
   *
   * @throws SoundFontError
   */
  read(from: number, to: number): readonly Modulator[] {
    if (from === to) return NONE;
    if (to - from > MOST_MODULATORS) tooLarge(`${to - from} modulators in one zone, at most ${MOST_MODULATORS}`);
    const modulators: Modulator[] = [];
    for (let at = from; at < to; at++) {
      const modulator = this.#record(5 * at);
      if (modulator === null) continue;
      const same = modulators.findIndex((other) => isSameModulator(other, modulator));
      if (same >= 0) modulators.splice(same, 1);
      modulators.push(modulator);
    }
    return modulators;
  }

  #record(at: number): Modulator | null {
    const words = this.#words;
    const modulator = {
      source: words[at]!,
      amountSource: words[at + 3]!,
      destination: words[at + 1]!,
      amount: (words[at + 2]! << 16) >> 16,
      transform: words[at + 4]!,
    };
    if (!isModulator(modulator)) return null;
    // Sources that are defined have 12 bits, destinations 6, transforms 2.
    const operators = (modulator.source * 4096 + modulator.amountSource) * 64 + modulator.destination;
    const key = (operators * 4 + modulator.transform) * 65536 + words[at + 2]!;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, modulator);
    return modulator;
  }
}
