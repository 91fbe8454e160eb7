import { WEIGHING_DOUBLES } from './measuring-bench.js';

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

/** State of the kernel's `weigh` for a signal that begins: the coefficients of both sections, for two channels alike, and silence. */
export function weighingState(sampleRate: number): Float64Array {
  const [shelf, highPass] = kWeighting(sampleRate);
  const coefficients = [shelf.b0, shelf.b1, shelf.b2, -shelf.a1, -shelf.a2, -highPass.a1, -highPass.a2];
  const state = new Float64Array(WEIGHING_DOUBLES);
  for (const [index, coefficient] of coefficients.entries()) state.fill(coefficient, 2 * index, 2 * index + 2);
  return state;
}

/** Index of the first channel's energy in the state; the second channel's follows it. */
export const WEIGHED_ENERGY = 22;
