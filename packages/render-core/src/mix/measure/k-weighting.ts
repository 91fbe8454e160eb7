/** Coefficients of a second-order section with a0 = 1. */
export interface Section {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
}

/**
 * The two sections of K-weighting (BS.1770-4 annex 1: the shelf of the head, the RLB high-pass) at any sample rate.
 *
 * The recommendation tabulates 48 kHz only; frequency, gain and quality below are those of the analogue prototypes whose bilinear
 * transforms are that table, so that other rates weigh the same frequencies alike.
 */
export function kWeighting(sampleRate: number): readonly [Section, Section] {
  const shelf = { frequency: 1681.974450955533, gain: 10 ** (3.999843853973347 / 20), q: 0.7071752369554196 };
  const bandGain = shelf.gain ** 0.4996667741545416;
  const k = Math.tan((Math.PI * shelf.frequency) / sampleRate);
  const norm = 1 + k / shelf.q + k * k;
  const highPass = { frequency: 38.13547087602444, q: 0.5003270373238773 };
  const h = Math.tan((Math.PI * highPass.frequency) / sampleRate);
  const highNorm = 1 + h / highPass.q + h * h;
  return [
    {
      b0: (shelf.gain + (bandGain * k) / shelf.q + k * k) / norm,
      b1: (2 * (k * k - shelf.gain)) / norm,
      b2: (shelf.gain - (bandGain * k) / shelf.q + k * k) / norm,
      a1: (2 * (k * k - 1)) / norm,
      a2: (1 - k / shelf.q + k * k) / norm,
    },
    { b0: 1, b1: -2, b2: 1, a1: (2 * (h * h - 1)) / highNorm, a2: (1 - h / highPass.q + h * h) / highNorm },
  ];
}

/** Adds up the energy of a K-weighted channel. */
export class KWeightedEnergy {
  /** Sum of squares since it was last set to 0. */
  energy = 0;
  private readonly shelf: Section;
  private readonly highPass: Section;
  private readonly state = new Float64Array(4);

  constructor(sampleRate: number) {
    [this.shelf, this.highPass] = kWeighting(sampleRate);
  }

  process(samples: Float32Array, from: number, to: number): void {
    const { b0, b1, b2, a1, a2 } = this.shelf;
    const { a1: c1, a2: c2 } = this.highPass;
    const state = this.state;
    let [s1, s2, t1, t2] = [state[0]!, state[1]!, state[2]!, state[3]!];
    let energy = this.energy;
    for (let i = from; i < to; i++) {
      const x = samples[i]!;
      const shelved = b0 * x + s1;
      s1 = b1 * x - a1 * shelved + s2;
      s2 = b2 * x - a2 * shelved;
      const weighted = shelved + t1;
      t1 = -2 * shelved - c1 * weighted + t2;
      t2 = shelved - c2 * weighted;
      energy += weighted * weighted;
    }
    // Values this small are silence, and as denormal numbers they would make silence slow.
    state[0] = Math.abs(s1) < 1e-30 ? 0 : s1;
    state[1] = Math.abs(s2) < 1e-30 ? 0 : s2;
    state[2] = Math.abs(t1) < 1e-30 ? 0 : t1;
    state[3] = Math.abs(t2) < 1e-30 ? 0 : t2;
    this.energy = energy;
  }
}
