/** Samples before the first one that the interpolator of {@link truePeak} looks at. */
export const PAST_BYTES: usize = 48;
/** No interpolated point exceeds the largest sample around it by more than this. */
export const LARGEST_GAIN: f32 = 2.04;

/**
 * What phases 0 and 1 of the 48-tap interpolator of BS.1770-4 annex 2, table 2, make of a pair of samples, the outermost pair first: the halves of sum and
 * difference of the coefficients for the newest and the oldest sample, phase 0, and the same of phase 1.
 */
const COEFFICIENTS = memory.data<f32>([
  -0.0032958984375, 0.0050048828125, -0.0240478515625, -0.005126953125,
  0.012939453125, -0.001953125, 0.03118896484375, -0.00189208984375,
  -0.02313232421875, 0.00347900390625, -0.05499267578125, 0.00323486328125,
  0.0404052734375, -0.0072021484375, 0.0953369140625, -0.0062255859375,
  -0.08087158203125, 0.02142333984375, -0.18341064453125, 0.01690673828125,
  0.55474853515625, -0.41741943359375, 0.6224365234375, -0.1573486328125,
]);

/**
 * Magnitudes of the four points that the interpolator puts between samples, the larger of each four, at four frames in a row; `last` is the address of the
 * newest sample of the first of them.
 *
 * Phases 2 and 3 are 1 and 0 in reverse, so the even and the odd part of their coefficients serve both: the larger of the
 * two magnitudes is |even| + |odd|.
 */
export function between(last: usize): v128 {
  let first = last - 44;
  let even0 = f32x4.splat(0);
  let odd0 = even0;
  let even1 = even0;
  let odd1 = even0;
  for (let at = COEFFICIENTS; at < COEFFICIENTS + 96; at += 16, last -= 4, first += 4) {
    const late = v128.load(last);
    const early = v128.load(first);
    const sum = f32x4.add(late, early);
    const difference = f32x4.sub(late, early);
    even0 = f32x4.add(even0, f32x4.mul(sum, v128.load32_splat(at)));
    odd0 = f32x4.add(odd0, f32x4.mul(difference, v128.load32_splat(at, 4)));
    even1 = f32x4.add(even1, f32x4.mul(sum, v128.load32_splat(at, 8)));
    odd1 = f32x4.add(odd1, f32x4.mul(difference, v128.load32_splat(at, 12)));
  }
  return f32x4.pmax(
    f32x4.add(f32x4.abs(even0), f32x4.abs(odd0)),
    f32x4.add(f32x4.abs(even1), f32x4.abs(odd1)),
  );
}

// @ts-ignore: decorator
@inline
function largest(lanes: v128): f32 {
  return max<f32>(
    max<f32>(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
    max<f32>(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
  );
}

/** Largest magnitude of 16 samples. */
// @ts-ignore: decorator
@inline
export function largestOf16(at: usize): v128 {
  return f32x4.pmax(
    f32x4.pmax(f32x4.abs(v128.load(at)), f32x4.abs(v128.load(at, 16))),
    f32x4.pmax(f32x4.abs(v128.load(at, 32)), f32x4.abs(v128.load(at, 48))),
  );
}

/** Largest magnitude of `count` samples, which are followed by zeros up to a multiple of 16. */
export function samplePeak(samples: usize, count: i32): f32 {
  let most = f32x4.splat(0);
  const end = samples + (<usize>count << 2);
  for (let at = samples; at < end; at += 64) most = f32x4.pmax(most, largestOf16(at));
  return largest(most);
}

/**
 * Largest magnitude between `count` samples, those before them included, if it is larger than `known`; `known` otherwise.
 * Stretches too quiet to hold it are passed over. The 12 samples before must be there, and zeros after up to a multiple of 16.
 */
export function truePeak(samples: usize, count: i32, known: f32): f32 {
  const end = samples + (<usize>count << 2);
  let past = f32x4.pmax(
    f32x4.pmax(f32x4.abs(v128.load(samples - PAST_BYTES)), f32x4.abs(v128.load(samples - PAST_BYTES, 16))),
    f32x4.abs(v128.load(samples - PAST_BYTES, 32)),
  );
  for (let stretch = samples; stretch < end; stretch += 64) {
    const present = largestOf16(stretch);
    const level = f32x4.mul(f32x4.pmax(past, present), f32x4.splat(LARGEST_GAIN));
    past = present;
    if (!v128.any_true(f32x4.gt(level, f32x4.splat(known)))) continue;
    let most = f32x4.splat(0);
    for (let at = stretch; at < stretch + 64; at += 16) {
      const left = <i32>(end - at) >> 2;
      if (left <= 0) break;
      // Points that belong to samples to come are theirs.
      const mine = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left));
      most = f32x4.pmax(most, v128.and(between(at), mine));
    }
    known = max<f32>(known, largest(most));
  }
  return known;
}
