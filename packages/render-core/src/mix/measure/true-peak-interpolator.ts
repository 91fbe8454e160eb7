const { max } = Math;

/**
 * Phases 0 and 1 of the 48-tap interpolator of ITU-R BS.1770-4 annex 2, table 2. Phases 3 and 2 are the same coefficients in reverse.
 */
const PHASE_0 = [
  0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625, 0.97216796875,
  -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125,
];
const PHASE_1 = [
  -0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625, 0.77978515625,
  -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375,
];

/** Length of the interpolator in samples. */
export const INTERPOLATOR_TAPS = 12;
const HALF = INTERPOLATOR_TAPS / 2;

/** From this rate on the samples themselves are as dense as annex 2 asks for, and nothing is interpolated. */
export const DENSE_ENOUGH_RATE = 192000;

/** No interpolated point can exceed the largest sample around it by more than this factor: the sum of a phase's magnitudes. */
export const LARGEST_INTERPOLATOR_GAIN = PHASE_1.reduce((sum, tap) => sum + Math.abs(tap), 0);

const half = (combine: (k: number) => number) => Float64Array.from({ length: HALF }, (_, k) => combine(k));
const mirrored = (taps: readonly number[], k: number) => taps[INTERPOLATOR_TAPS - 1 - k]!;
const EVEN_0 = half((k) => (PHASE_0[k]! + mirrored(PHASE_0, k)) / 2);
const ODD_0 = half((k) => (PHASE_0[k]! - mirrored(PHASE_0, k)) / 2);
const EVEN_1 = half((k) => (PHASE_1[k]! + mirrored(PHASE_1, k)) / 2);
const ODD_1 = half((k) => (PHASE_1[k]! - mirrored(PHASE_1, k)) / 2);

/**
 * Largest magnitude of the four points that are interpolated from `samples[at - 11]` to `samples[at]`, between the two in the middle.
 *
 * A phase and its mirror image are the sum and the difference of what the coefficients' even and odd parts make of the signal's even and odd
 * parts, so the larger of the two magnitudes is |even| + |odd|: half the work of four plain dot products.
 *
 * @param mask length - 1 of a ring whose length is a power of two; -1 for a plain array
 */
export function interpolatedPeak(samples: Float64Array, at: number, mask: number): number {
  let [even0, odd0, even1, odd1] = [0, 0, 0, 0];
  for (let k = 0; k < HALF; k++) {
    const late = samples[(at - k) & mask]!;
    const early = samples[(at - INTERPOLATOR_TAPS + 1 + k) & mask]!;
    const sum = late + early;
    const difference = late - early;
    even0 += EVEN_0[k]! * sum;
    odd0 += ODD_0[k]! * difference;
    even1 += EVEN_1[k]! * sum;
    odd1 += ODD_1[k]! * difference;
  }
  const outer = (even0 < 0 ? -even0 : even0) + (odd0 < 0 ? -odd0 : odd0);
  const inner = (even1 < 0 ? -even1 : even1) + (odd1 < 0 ? -odd1 : odd1);
  return max(outer, inner);
}
