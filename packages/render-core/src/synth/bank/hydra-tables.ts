import { tooLarge, unreadable } from './sound-font-error.js';

const MOST_ZONES = 200_000;
/** Generators, and modulators, of all zones. */
const MOST_ENTRIES = 1_000_000;

/** Records of equal length, as 16-bit words: all records of a SoundFont are whole words. */
export class RecordTable {
  readonly count: number;
  readonly words: Uint16Array;
  readonly #bytes: Buffer;
  readonly #wordsEach: number;

  constructor(
    readonly name: string,
    bytes: Uint8Array,
    recordBytes: number,
  ) {
    const even = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
    this.#bytes = Buffer.from(even.buffer, even.byteOffset, even.length);
    this.words = new Uint16Array(this.#bytes.buffer, this.#bytes.byteOffset, bytes.length / 2);
    this.#wordsEach = recordBytes / 2;
    this.count = bytes.length / recordBytes;
  }

  get byteLength(): number {
    return this.#bytes.length;
  }

  word(record: number, at: number): number {
    return this.words[record * this.#wordsEach + at]!;
  }

  doubleWord(record: number, at: number): number {
    return this.word(record, at) + this.word(record, at + 1) * 65536;
  }

  /** The name that a header begins with. */
  text(record: number): string {
    const from = record * this.#wordsEach * 2;
    const name = this.#bytes.toString('latin1', from, from + 20);
    const end = name.indexOf('\0');
    return end < 0 ? name : name.slice(0, end);
  }

  /**
   * A column of indices into another table, with their upper halves. They must not fall, and the last must be `last`, the other table's last
   * record; with `lenient` the other table may lack its terminal record, which nothing is read from and some writers leave out.
   *
   * @throws SoundFontError
   */
  indices(at: number, upper: RecordTable | null, last: number, other: string, lenient = false): Uint32Array {
    const indices = new Uint32Array(this.count);
    let before = 0;
    for (let record = 0; record < this.count; record++) {
      const index = this.word(record, at) + (upper?.word(record, at) ?? 0) * 65536;
      if (index < before) unreadable(`the indices of "${this.name}" fall`);
      indices[record] = before = index;
    }
    if (before !== last && !(lenient && before === last + 1))
      unreadable(`the indices of "${this.name}" do not end where "${other}" does`);
    return indices;
  }
}

/** The zones of all presets, or of all instruments: where the generators and modulators of each begin and end (SF2.04 7.3, 7.7). */
export class ZoneIndex {
  readonly generators: Uint16Array;
  readonly modulators: Uint16Array;
  /** First record of each zone, and of the one after the last. */
  readonly firstGenerator: Uint32Array;
  readonly firstModulator: Uint32Array;

  constructor(bags: RecordTable, upper: RecordTable | null, generators: RecordTable, modulators: RecordTable) {
    if (bags.count === 0) unreadable(`the table "${bags.name}" is empty`);
    if (bags.count - 1 > MOST_ZONES) tooLarge(`${bags.count - 1} zones, at most ${MOST_ZONES}`);
    for (const { name, count } of [generators, modulators])
      if (count > MOST_ENTRIES) tooLarge(`"${name}" has ${count} records, at most ${MOST_ENTRIES}`);
    this.generators = generators.words;
    this.modulators = modulators.words;
    this.firstGenerator = bags.indices(0, upper, generators.count - 1, generators.name, true);
    this.firstModulator = bags.indices(1, upper, modulators.count - 1, modulators.name, true);
  }
}
