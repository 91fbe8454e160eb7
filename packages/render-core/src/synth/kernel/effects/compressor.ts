import { COMPRESSOR_STAGE } from '../../effects-layout';

const DECIBELS_PER_OCTAVE: f32 = 6.020599913;
const OCTAVES_PER_DECIBEL: f32 = 0.16609640474;
/** Gain changes below this, in dB, are none. */
const NOTHING: f64 = -1e-6;

/** Base-2 logarithm of positive numbers, error below 1e-6; a large negative number for 0. */
// @ts-ignore: decorator
@inline
function log2(x: v128): v128 {
  // m * 2^e with m between sqrt(1/2) and sqrt(2)
  const shifted = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const e = i32x4.shr_s(shifted, 23);
  const m = i32x4.sub(x, i32x4.shl(e, 23));
  const one = f32x4.splat(1);
  const t = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const s = f32x4.mul(t, t);
  let series = f32x4.add(f32x4.splat(1.0 / 7.0), f32x4.mul(s, f32x4.splat(1.0 / 9.0)));
  series = f32x4.add(f32x4.splat(1.0 / 5.0), f32x4.mul(s, series));
  series = f32x4.add(f32x4.splat(1.0 / 3.0), f32x4.mul(s, series));
  series = f32x4.add(one, f32x4.mul(s, series));
  return f32x4.add(f32x4.convert_i32x4_s(e), f32x4.mul(f32x4.mul(f32x4.splat(2.8853900817779268), t), series));
}

/** 2 ^ x for |x| < 126, relative error below 1e-6; exactly 1 for 0. */
// @ts-ignore: decorator
@inline
function exp2(x: v128): v128 {
  const whole = f32x4.nearest(x);
  const t = f32x4.mul(f32x4.sub(x, whole), f32x4.splat(0.6931471805599453));
  let series = f32x4.add(f32x4.splat(1.0 / 24.0), f32x4.mul(t, f32x4.add(f32x4.splat(1.0 / 120.0), f32x4.mul(t, f32x4.splat(1.0 / 720.0)))));
  series = f32x4.add(f32x4.splat(1.0 / 6.0), f32x4.mul(t, series));
  series = f32x4.add(f32x4.splat(0.5), f32x4.mul(t, series));
  series = f32x4.add(f32x4.splat(1), f32x4.mul(t, series));
  series = f32x4.add(f32x4.splat(1), f32x4.mul(t, series));
  return f32x4.mul(series, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(whole), i32x4.splat(127)), 23));
}

/** Towards the target: quickly down, slowly up. */
// @ts-ignore: decorator
@inline
function follow(gain: f64, target: f32, attack: f64, release: f64): f64 {
  const to = <f64>target;
  const next = to + (to < gain ? attack : release) * (gain - to);
  return target == 0 && next > NOTHING ? 0 : next;
}

/**
 * A feed-forward compressor for two channels, of which the louder decides. `state` holds the gain in dB, a double, and room for two vectors at
 * COMPRESSOR_STAGE. Soft knee of Giannoulis, Massberg and Reiss 2012, equation 4; attack and release are factors a frame.
 */
export function compress(
  state: usize, left: usize, right: usize, frames: i32,
  thresholdDb: f32, slope: f32, kneeDb: f32, attack: f64, release: f64, makeup: f32,
): void {
  if (frames <= 0) return;
  let gain = load<f64>(state);
  const threshold = f32x4.splat(thresholdDb);
  const knee = f32x4.splat(kneeDb);
  const halfKnee = f32x4.splat(<f32>0.5 * kneeDb);
  const curve = f32x4.splat(kneeDb > 0 ? <f32>0.5 / kneeDb : 0);
  const slopes = f32x4.splat(slope);
  const makeups = f32x4.splat(makeup);
  const zero = f32x4.splat(0);
  do {
    let l = left;
    let r = right;
    if (frames < 4) {
      l = state + COMPRESSOR_STAGE;
      r = l + 16;
      memory.copy(l, left, <usize>frames << 2);
      memory.copy(r, right, <usize>frames << 2);
    }
    const x = v128.load(l);
    const y = v128.load(r);
    const level = f32x4.mul(log2(f32x4.pmax(f32x4.abs(x), f32x4.abs(y))), f32x4.splat(DECIBELS_PER_OCTAVE));
    const over = f32x4.sub(level, threshold);
    const bent = f32x4.pmax(zero, f32x4.pmin(f32x4.add(over, halfKnee), knee));
    const straight = f32x4.pmax(zero, f32x4.sub(over, halfKnee));
    const targets = f32x4.mul(slopes, f32x4.add(f32x4.mul(curve, f32x4.mul(bent, bent)), straight));
    let gains = makeups;
    if (gain != 0 || v128.any_true(f32x4.ne(targets, zero))) {
      const g0 = follow(gain, f32x4.extract_lane(targets, 0), attack, release);
      const g1 = follow(g0, f32x4.extract_lane(targets, 1), attack, release);
      const g2 = follow(g1, f32x4.extract_lane(targets, 2), attack, release);
      const g3 = follow(g2, f32x4.extract_lane(targets, 3), attack, release);
      gain = frames >= 4 ? g3 : frames == 3 ? g2 : frames == 2 ? g1 : g0;
      const reached = f32x4(<f32>g0, <f32>g1, <f32>g2, <f32>g3);
      gains = f32x4.mul(makeups, exp2(f32x4.mul(reached, f32x4.splat(OCTAVES_PER_DECIBEL))));
    }
    v128.store(l, f32x4.mul(x, gains));
    v128.store(r, f32x4.mul(y, gains));
    if (frames < 4) {
      memory.copy(left, l, <usize>frames << 2);
      memory.copy(right, r, <usize>frames << 2);
    }
    frames -= 4;
    left += 16;
    right += 16;
  } while (frames > 0);
  store<f64>(state, gain);
}
