/** Samples before the first one that the interpolator of {@link truePeak} looks at. */
const PAST_BYTES: usize = 48;
/** No interpolated point exceeds the largest sample around it by more than this. */
const LARGEST_GAIN: f32 = 2.04;

/** Adds the two products of a pair of samples, one before and one after, to what phases 0 and 3, or 1 and 2, have in common. */
// @ts-ignore: decorator
@inline
function weighted(sum: v128, signal: v128, coefficient: f32): v128 {
  return f32x4.add(sum, f32x4.mul(signal, f32x4.splat(coefficient)));
}

/**
 * Magnitudes of the four points that the 48-tap interpolator of BS.1770-4 annex 2 puts between samples, the larger of each
 * four, at four frames in a row; `last` is the address of the newest sample of the first of them.
 *
 * Phases 2 and 3 are 1 and 0 in reverse, so the even and the odd part of their coefficients serve both: the larger of the
 * two magnitudes is |even| + |odd|.
 */
// @ts-ignore: decorator
@inline
function between(last: usize): v128 {
  const first = last - 44;
  let late = v128.load(last);
  let early = v128.load(first);
  let sum = f32x4.add(late, early);
  let difference = f32x4.sub(late, early);
  let even0 = f32x4.mul(sum, f32x4.splat((0.001708984375 - 0.00830078125) / 2));
  let odd0 = f32x4.mul(difference, f32x4.splat((0.001708984375 + 0.00830078125) / 2));
  let even1 = f32x4.mul(sum, f32x4.splat((-0.0291748046875 - 0.0189208984375) / 2));
  let odd1 = f32x4.mul(difference, f32x4.splat((-0.0291748046875 + 0.0189208984375) / 2));
  late = v128.load(first, 40);
  early = v128.load(first, 4);
  sum = f32x4.add(late, early);
  difference = f32x4.sub(late, early);
  even0 = weighted(even0, sum, (0.010986328125 + 0.014892578125) / 2);
  odd0 = weighted(odd0, difference, (0.010986328125 - 0.014892578125) / 2);
  even1 = weighted(even1, sum, (0.029296875 + 0.0330810546875) / 2);
  odd1 = weighted(odd1, difference, (0.029296875 - 0.0330810546875) / 2);
  late = v128.load(first, 36);
  early = v128.load(first, 8);
  sum = f32x4.add(late, early);
  difference = f32x4.sub(late, early);
  even0 = weighted(even0, sum, (-0.0196533203125 - 0.026611328125) / 2);
  odd0 = weighted(odd0, difference, (-0.0196533203125 + 0.026611328125) / 2);
  even1 = weighted(even1, sum, (-0.0517578125 - 0.0582275390625) / 2);
  odd1 = weighted(odd1, difference, (-0.0517578125 + 0.0582275390625) / 2);
  late = v128.load(first, 32);
  early = v128.load(first, 12);
  sum = f32x4.add(late, early);
  difference = f32x4.sub(late, early);
  even0 = weighted(even0, sum, (0.033203125 + 0.047607421875) / 2);
  odd0 = weighted(odd0, difference, (0.033203125 - 0.047607421875) / 2);
  even1 = weighted(even1, sum, (0.089111328125 + 0.1015625) / 2);
  odd1 = weighted(odd1, difference, (0.089111328125 - 0.1015625) / 2);
  late = v128.load(first, 28);
  early = v128.load(first, 16);
  sum = f32x4.add(late, early);
  difference = f32x4.sub(late, early);
  even0 = weighted(even0, sum, (-0.0594482421875 - 0.102294921875) / 2);
  odd0 = weighted(odd0, difference, (-0.0594482421875 + 0.102294921875) / 2);
  even1 = weighted(even1, sum, (-0.16650390625 - 0.2003173828125) / 2);
  odd1 = weighted(odd1, difference, (-0.16650390625 + 0.2003173828125) / 2);
  late = v128.load(first, 24);
  early = v128.load(first, 20);
  sum = f32x4.add(late, early);
  difference = f32x4.sub(late, early);
  even0 = weighted(even0, sum, (0.1373291015625 + 0.97216796875) / 2);
  odd0 = weighted(odd0, difference, (0.1373291015625 - 0.97216796875) / 2);
  even1 = weighted(even1, sum, (0.465087890625 + 0.77978515625) / 2);
  odd1 = weighted(odd1, difference, (0.465087890625 - 0.77978515625) / 2);
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
function largestOf16(at: usize): v128 {
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
