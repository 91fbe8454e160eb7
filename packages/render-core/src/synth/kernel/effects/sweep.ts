/** The two frames of a ring of `mask` + 1 bytes between which a delay lies, the nearer first. */
// @ts-ignore: decorator
@inline
function tap(line: usize, mask: usize, position: usize, whole: i32): v128 {
  const near = (position - (<usize>whole << 2)) & mask;
  const far = (near - 4) & mask;
  return v128.load_lane<f32>(line + far, v128.load_zero<f32>(line + near), 1);
}

/**
 * Sweeps a delay line for each channel by sines a quarter turn apart: output = (1 - mix) dry + mix wet. `state` holds the sine and cosine as doubles and
 * the write position in bytes; the lines are rings of `mask` + 1 bytes each.
 */
export function sweep(
  state: usize, lineLeft: usize, lineRight: usize, mask: usize, left: usize, right: usize, frames: i32,
  centre: f64, depth: f64, stepSin: f64, stepCos: f64, mix: f32,
): void {
  if (frames <= 0) return;
  let turn = v128.load(state);
  let position = <usize>load<i32>(state, 16);
  const centres = f64x2.splat(centre);
  const depths = f64x2.splat(depth);
  const cosines = f64x2.splat(stepCos);
  const sines = f64x2(stepSin, -stepSin);
  const wet = f32x4.splat(mix);
  const dry = f32x4.splat(1 - mix);
  const end = left + (<usize>frames << 2);
  do {
    const x = v128.load_lane<f32>(right, v128.load_zero<f32>(left), 1);
    v128.store_lane<f32>(lineLeft + position, x, 0);
    v128.store_lane<f32>(lineRight + position, x, 1);
    const delay = f64x2.add(centres, f64x2.mul(depths, turn));
    const whole = f64x2.floor(delay);
    const fraction = f32x4.demote_f64x2_zero(f64x2.sub(delay, whole));
    const wholes = i32x4.trunc_sat_f64x2_s_zero(whole);
    const l = tap(lineLeft, mask, position, i32x4.extract_lane(wholes, 0));
    const r = tap(lineRight, mask, position, i32x4.extract_lane(wholes, 1));
    const near = v128.shuffle<f32>(l, r, 0, 4, 0, 4);
    const far = v128.shuffle<f32>(l, r, 1, 5, 1, 5);
    const swept = f32x4.add(near, f32x4.mul(fraction, f32x4.sub(far, near)));
    const out = f32x4.add(f32x4.mul(dry, x), f32x4.mul(wet, swept));
    v128.store_lane<f32>(left, out, 0);
    v128.store_lane<f32>(right, out, 1);
    position = (position + 4) & mask;
    turn = f64x2.add(f64x2.mul(turn, cosines), f64x2.mul(v128.shuffle<f64>(turn, turn, 1, 0), sines));
    left += 4;
    right += 4;
  } while (left < end);
  v128.store(state, turn);
  store<i32>(state, <i32>position, 16);
}
