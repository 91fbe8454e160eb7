import type { ZoneData, ZoneList } from './bank-data.js';
import { GENERATOR_COUNT } from './generators.js';
import type { ZoneOwner } from './hydra.js';
import type { ZoneIndex } from './hydra-tables.js';
import { ModulatorReader } from './modulator-reader.js';

/** Generators that are not values (SF2.04 8.1.2). */
const INSTRUMENT = 41;
const KEY_RANGE = 43;
const VELOCITY_RANGE = 44;
const SAMPLE_ID = 53;

type Pair = readonly [generator: number, value: number];

/** Turns what a zone names into a zone's `target`. */
export type Place = (target: number, generators: readonly Pair[], global: readonly Pair[]) => number;

/**
 * Makes plain data of the zones of presets or instruments, by the rules of SF2.04 7.3-7.5 and 7.7-7.9 for what is in the wrong place: a range that is
 * not at the beginning and what follows the last generator is ignored, of two equal enumerators the later counts, and a zone that
 * names nothing to play is ignored unless it is the first, which is then the global one.
 */
export class ZoneReader {
  readonly #index: ZoneIndex;
  readonly #targetGenerator: number;
  readonly #place: Place;
  /** Equal generators are one object: little memory, and little to copy when a bank is posted to another thread. */
  readonly #pairs = new Map<number, Pair>();
  readonly #modulators: ModulatorReader;
  /** Where each generator last stands in the zone that is being read, or -1. */
  readonly #last = new Int32Array(GENERATOR_COUNT);

  constructor(index: ZoneIndex, of: 'presets' | 'instruments', place: Place) {
    this.#index = index;
    this.#targetGenerator = of === 'presets' ? INSTRUMENT : SAMPLE_ID;
    this.#place = place;
    this.#modulators = new ModulatorReader(index.modulators);
  }

  /**
   * The zones of a preset or instrument. Ranges that a zone does not set are those of the global zone.
   *
   * @throws SoundFontError
   */
  read(owner: ZoneOwner): ZoneList {
    const zones: ZoneData[] = [];
    let global = NOTHING;
    for (let at = owner.firstZone; at < owner.endZone; at++) {
      const zone = this.#readZone(at, global, at === owner.firstZone);
      if (zone === null) continue;
      if (zone.target === GLOBAL) global = { ...zone, target: -1 };
      else zones.push(zone);
    }
    return { global, zones };
  }

  #readZone(zone: number, global: ZoneData, first: boolean): ZoneData | null {
    const words = this.#index.generators;
    let { lowKey, highKey, lowVelocity, highVelocity } = global;
    const generators: Pair[] = [];
    let twice = false;
    let target = GLOBAL;
    const last = this.#last.fill(-1);
    const from = this.#index.firstGenerator[zone]!;
    const to = this.#index.firstGenerator[zone + 1]!;
    const targetGenerator = this.#targetGenerator;
    let onlyKeys = true;
    for (let at = from; at < to && target === GLOBAL; at++) {
      const type = words[2 * at]!;
      const amount = words[2 * at + 1]!;
      if (type === KEY_RANGE) {
        if (at !== from) continue;
        lowKey = Math.min(127, amount & 0xff);
        highKey = Math.min(127, amount >> 8);
        continue;
      }
      if (type === VELOCITY_RANGE) {
        if (onlyKeys) {
          lowVelocity = Math.min(127, amount & 0xff);
          highVelocity = Math.min(127, amount >> 8);
        }
      } else if (type === targetGenerator) {
        target = this.#place(amount, generators, global.generators);
      } else if (type < GENERATOR_COUNT && type !== INSTRUMENT && type !== SAMPLE_ID) {
        // Others are unknown, or belong to the other level, and are ignored.
        if (last[type]! >= 0) twice = true;
        last[type] = generators.length;
        generators.push(this.#pair(type, amount));
      }
      onlyKeys = false;
    }
    if (target === GLOBAL && !first) return null;
    const { firstModulator } = this.#index;
    return {
      lowKey,
      highKey,
      lowVelocity,
      highVelocity,
      generators: twice ? generators.filter(([type], at) => last[type] === at) : generators,
      modulators: this.#modulators.read(firstModulator[zone]!, firstModulator[zone + 1]!),
      target,
    };
  }

  #pair(type: number, amount: number): Pair {
    const key = type * 65536 + amount;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = [type, (amount << 16) >> 16];
      this.#pairs.set(key, pair);
    }
    return pair;
  }
}

/** The target of a zone that names none. */
const GLOBAL = -2;

/** A global zone that is not there. */
const NOTHING: ZoneData = {
  lowKey: 0,
  highKey: 127,
  lowVelocity: 0,
  highVelocity: 127,
  generators: [],
  modulators: [],
  target: -1,
};
