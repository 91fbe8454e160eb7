import { Gen } from './bank/generators.js';

/** NRPN 14H to 1EH: the parameters of one drum, whose key is the fine number (Roland GS, Yamaha XG). */
const CUTOFF = 0x14;
const RESONANCE = 0x15;
const ATTACK_RATE = 0x16;
const DECAY_RATE = 0x17;
const PITCH_COARSE = 0x18;
const PITCH_FINE = 0x19;
const LEVEL = 0x1a;
const PAN = 0x1c;
const REVERB_SEND = 0x1d;
const CHORUS_SEND = 0x1e;

/** What a score has changed about one drum of a kit. */
interface Drum {
  cutoff: number;
  resonance: number;
  attack: number;
  decay: number;
  semitones: number;
  cents: number;
  /** 0-127; 127 is the drum as the font has it. */
  level: number;
  /** 1-127 around 64, or null for the place that the font gives it. */
  pan: number | null;
  reverb: number;
  chorus: number;
}

/** The drums of a part that its score has changed, by key. */
export class DrumSetup {
  readonly #drums = new Map<number, Drum>();

  clear(): void {
    this.#drums.clear();
  }

  /** Sets an unregistered parameter; false when it is not one of a drum. */
  set(parameter: number, key: number, value: number): boolean {
    if (parameter < CUTOFF || parameter > CHORUS_SEND || parameter === 0x1b) return false;
    let drum = this.#drums.get(key);
    if (drum === undefined) {
      drum = unchanged();
      this.#drums.set(key, drum);
    }
    const around = (value - 64) / 64;
    switch (parameter) {
      case CUTOFF:
        drum.cutoff = around * 4800;
        break;
      case RESONANCE:
        drum.resonance = around * 240;
        break;
      // Rates: higher values are shorter.
      case ATTACK_RATE:
        drum.attack = -around * 3600;
        break;
      case DECAY_RATE:
        drum.decay = -around * 3600;
        break;
      case PITCH_COARSE:
        drum.semitones = value - 64;
        break;
      case PITCH_FINE:
        drum.cents = value - 64;
        break;
      case LEVEL:
        drum.level = value;
        break;
      case PAN:
        // 0 asks for a random place, which the font's own is as good as.
        drum.pan = value === 0 ? null : value;
        break;
      case REVERB_SEND:
        drum.reverb = value / 127;
        break;
      case CHORUS_SEND:
        drum.chorus = value / 127;
    }
    return true;
  }

  /**
   * Changes the generators of a drum's zone, to which modulators have been added already.
   * @returns attenuation in centibels
   */
  apply(key: number, sum: Float64Array, generators: ArrayLike<number>): number {
    const drum = this.#drums.get(key);
    if (drum === undefined) return 0;
    sum[Gen.initialFilterFc]! += drum.cutoff;
    sum[Gen.initialFilterQ]! += drum.resonance;
    sum[Gen.attackVolEnv]! += drum.attack;
    // A drum is struck and let go: what is heard of its decay may be the release of the zone.
    sum[Gen.decayVolEnv]! += drum.decay;
    sum[Gen.releaseVolEnv]! += drum.decay;
    sum[Gen.coarseTune]! += drum.semitones;
    sum[Gen.fineTune]! += drum.cents;
    sum[Gen.reverbEffectsSend]! *= drum.reverb;
    sum[Gen.chorusEffectsSend]! *= drum.chorus;
    if (drum.pan !== null) {
      // The place in the kit, to which the part's pan is added; the sides of a stereo recording stay apart.
      const own = generators[Gen.pan]!;
      if (Math.abs(own) < 500) sum[Gen.pan]! -= own;
      sum[Gen.pan]! += ((drum.pan - 64) * 500) / 63;
    }
    return drum.level === 0 ? 1440 : 400 * Math.log10(127 / drum.level);
  }
}

function unchanged(): Drum {
  return {
    cutoff: 0,
    resonance: 0,
    attack: 0,
    decay: 0,
    semitones: 0,
    cents: 0,
    level: 127,
    pan: null,
    reverb: 1,
    chorus: 1,
  };
}
