/** Values this small are silence, and as denormal numbers they would make silence slow. */
// @ts-ignore: decorator
@inline
export function audible(value: v128): v128 {
  return v128.and(value, f64x2.ge(f64x2.abs(value), f64x2.splat(1e-30)));
}

/**
 * Filters two channels with one second-order section in transposed direct form II, in double precision. `state` holds the two memories, each
 * as a pair of left and right.
 */
export function section(
  state: usize, left: usize, right: usize, frames: i32, b0: f64, b1: f64, b2: f64, a1: f64, a2: f64,
): void {
  if (frames <= 0) return;
  const vb0 = f64x2.splat(b0);
  const vb1 = f64x2.splat(b1);
  const vb2 = f64x2.splat(b2);
  const va1 = f64x2.splat(-a1);
  const va2 = f64x2.splat(-a2);
  let s1 = v128.load(state);
  let s2 = v128.load(state, 16);
  const end = left + (<usize>frames << 2);
  do {
    const x = f64x2.promote_low_f32x4(v128.load_lane<f32>(right, v128.load_zero<f32>(left), 1));
    const y = f64x2.add(f64x2.mul(vb0, x), s1);
    s1 = f64x2.add(f64x2.add(f64x2.mul(vb1, x), s2), f64x2.mul(va1, y));
    s2 = f64x2.add(f64x2.mul(vb2, x), f64x2.mul(va2, y));
    const out = f32x4.demote_f64x2_zero(y);
    v128.store_lane<f32>(left, out, 0);
    v128.store_lane<f32>(right, out, 1);
    left += 4;
    right += 4;
  } while (left < end);
  v128.store(state, audible(s1));
  v128.store(state, audible(s2), 16);
}
