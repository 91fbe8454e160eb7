import { type FlacWorkspace, MOST_LPC_ORDER } from './flac-workspace.js';

const { abs, floor, log2, max, min, round } = Math;

/** Bits of a quantised coefficient, its sign included. */
export const COEFFICIENT_BITS = 14;

/** A quantised linear predictor: prediction = (sum of coefficients x previous samples) >> shift. */
export interface Predictor {
  order: number;
  shift: number;
}

/** Finds linear predictors (RFC 9639 appendix, "linear predictor"). */
export class LinearPrediction {
  private windowLength = 0;
  /** Row k holds the predictor of order k + 1. */
  private readonly rows = Array.from({ length: MOST_LPC_ORDER }, () => new Float64Array(MOST_LPC_ORDER));
  private readonly errors = new Float64Array(MOST_LPC_ORDER);

  constructor(private readonly work: FlacWorkspace) {}

  /**
   * Sets `predictor`, and the workspace's coefficients, that of the last sample first, to the most promising one for the `length` samples in its
   * `wide`; order 0 when there is none.
   *
   * @param sampleBits size of a sample: warm-up samples are stored with it
   */
  find(length: number, sampleBits: number, predictor: Predictor): void {
    predictor.order = 0;
    if (length <= 4 * MOST_LPC_ORDER) return;
    this.correlate(length);
    const orders = this.levinson();
    if (orders === 0) return;
    let order = 0;
    let fewest = Number.POSITIVE_INFINITY;
    for (let k = 1; k <= orders; k++) {
      // Entropy of a Laplacian residual of this energy, after libFLAC's estimate.
      const variance = this.errors[k - 1]! / length;
      const perSample = max(0, 0.5 * log2(0.5 * Math.LN2 * Math.LN2 * variance));
      const bits = perSample * (length - k) + k * (sampleBits + COEFFICIENT_BITS);
      if (bits < fewest) {
        fewest = bits;
        order = k;
      }
    }
    this.quantise(order, predictor);
  }

  private correlate(length: number): void {
    const { kernel, wide, window, windowed, autocorrelation } = this.work;
    if (this.windowLength !== length) fillTukeyWindow(window, length);
    this.windowLength = length;
    kernel.applyWindow(wide, window.byteOffset, windowed, length);
    kernel.autocorrelate(windowed, length, autocorrelation.byteOffset);
  }

  /** Levinson-Durbin recursion. Returns the highest order that is well defined. */
  private levinson(): number {
    const { rows, errors } = this;
    const { autocorrelation } = this.work;
    let error = autocorrelation[0]!;
    if (!(error > 0)) return 0;
    for (let k = 0; k < MOST_LPC_ORDER; k++) {
      let reflection = autocorrelation[k + 1]!;
      const previous = k === 0 ? null : rows[k - 1]!;
      for (let i = 0; i < k; i++) reflection -= previous![i]! * autocorrelation[k - i]!;
      reflection /= error;
      const row = rows[k]!;
      for (let i = 0; i < k; i++) row[i] = previous![i]! - reflection * previous![k - 1 - i]!;
      row[k] = reflection;
      error *= 1 - reflection * reflection;
      errors[k] = error;
      if (!(error > 0)) return k;
    }
    return MOST_LPC_ORDER;
  }

  /** Rounds the coefficients to whole numbers, each with the error of those before it. */
  private quantise(order: number, predictor: Predictor): void {
    if (order === 0) return;
    const row = this.rows[order - 1]!;
    let largest = 0;
    for (let i = 0; i < order; i++) largest = max(largest, abs(row[i]!));
    const shift = min(15, COEFFICIENT_BITS - 2 - floor(log2(largest)));
    if (!(shift >= 0)) return;
    const limit = 2 ** (COEFFICIENT_BITS - 1);
    let carried = 0;
    for (let i = 0; i < order; i++) {
      const exact = row[i]! * 2 ** shift + carried;
      const value = min(limit - 1, max(-limit, round(exact)));
      carried = exact - value;
      this.work.coefficients[i] = value;
    }
    predictor.order = order;
    predictor.shift = shift;
  }
}

/** Tukey window, half of it tapered. */
function fillTukeyWindow(window: Float64Array, length: number): void {
  const taper = floor(length / 4);
  for (let i = 0; i < length; i++) {
    const edge = min(i, length - 1 - i);
    window[i] = edge >= taper ? 1 : 0.5 - 0.5 * Math.cos((Math.PI * (edge + 0.5)) / taper);
  }
}
