/** Finaliser of MurmurHash3 from its second step on: every input bit moves every output bit. */
// @ts-ignore: decorator
@inline
function mixed(hash: v128): v128 {
  let h = i32x4.mul(hash, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 16));
  h = i32x4.mul(h, i32x4.splat(0x85ebca6b));
  h = v128.xor(h, i32x4.shr_u(h, 13));
  h = i32x4.mul(h, i32x4.splat(0xc2b2ae35));
  return v128.xor(h, i32x4.shr_u(h, 16));
}

/**
 * Rounds `count` samples to whole numbers of `scale` a full scale, limited to -scale and scale - 1, into `out`, which has room for whole vectors.
 * Returns how many samples were beyond full scale.
 *
 * With dither, a triangular number of at most one unit is added before rounding: the sum of two uniform ones, which are the halves of a hash of `key` and
 * the number of the frame; `frame` is that of the first one.
 */
export function quantize(samples: usize, out: usize, count: i32, scale: f64, dithers: bool, key: i32, salt: i32, frame: i32): i32 {
  if (count <= 0) return 0;
  const scales = f64x2.splat(scale);
  const highest = i32x4.splat(<i32>(scale - 1));
  const lowest = i32x4.splat(<i32>-scale);
  const half = f64x2.splat(0.5);
  const unit = f64x2.splat(1.0 / 65536.0);
  const one = f32x4.splat(1);
  const keys = i32x4.splat(key);
  const salts = i32x4.splat(salt);
  let frames = i32x4.add(i32x4.splat(frame), i32x4(0, 1, 2, 3));
  let beyond: i32 = 0;
  do {
    const x = v128.load(samples);
    const loud = i32x4.bitmask(f32x4.gt(f32x4.abs(x), one));
    if (loud) beyond += popcnt<i32>(count >= 4 ? loud : loud & ((1 << count) - 1));
    let low = f64x2.mul(f64x2.promote_low_f32x4(x), scales);
    let high = f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0)), scales);
    if (dithers) {
      const h = mixed(v128.xor(v128.xor(i32x4.mul(frames, i32x4.splat(0x9e3779b1)), keys), salts));
      const sum = i32x4.add(i32x4.add(v128.and(h, i32x4.splat(0xffff)), i32x4.shr_u(h, 16)), i32x4.splat(1));
      // From 1 to 131071, which stands for less than -1 to 1; the half for rounding is part of it.
      low = f64x2.add(low, f64x2.sub(f64x2.mul(f64x2.convert_low_i32x4_s(sum), unit), half));
      high = f64x2.add(high, f64x2.sub(f64x2.mul(f64x2.convert_low_i32x4_s(v128.shuffle<i64>(sum, sum, 1, 0)), unit), half));
      frames = i32x4.add(frames, i32x4.splat(4));
    } else {
      low = f64x2.add(low, half);
      high = f64x2.add(high, half);
    }
    const whole = v128.shuffle<i64>(
      i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(low)),
      i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(high)),
      0, 2,
    );
    v128.store(out, i32x4.max_s(lowest, i32x4.min_s(highest, whole)));
    count -= 4;
    samples += 16;
    out += 16;
  } while (count > 0);
  return beyond;
}
