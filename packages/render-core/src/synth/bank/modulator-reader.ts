import { isModulator, isSameModulator, type Modulator } from './modulators.js';
import { tooLarge } from './sound-font-error.js';

/** More than any real zone has; all of them meet in every voice. */
const MOST_MODULATORS = 128;
const NONE: readonly Modulator[] = [];

/** Reads modulators from the words of a table (SF2.04 7.4). Equal ones are one object. */
export class ModulatorReader {
  readonly #words: Uint16Array;
  readonly #known = new Map<number, Modulator | null>();

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
    const source = words[at]!;
    const destination = words[at + 1]!;
    const amount = words[at + 2]!;
    const amountSource = words[at + 3]!;
    const transform = words[at + 4]!;
    // Sources that are defined have 12 bits, destinations 6, transforms 2.
    if (source >= 4096 || amountSource >= 4096 || destination >= 64 || transform >= 4) return null;
    const key = (((source * 4096 + amountSource) * 64 + destination) * 4 + transform) * 65536 + amount;
    let modulator = this.#known.get(key);
    if (modulator === undefined) {
      const read = { source, amountSource, destination, amount: (amount << 16) >> 16, transform };
      modulator = isModulator(read) ? read : null;
      this.#known.set(key, modulator);
    }
    return modulator;
  }
}
