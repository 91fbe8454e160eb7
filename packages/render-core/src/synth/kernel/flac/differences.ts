/** Magnitudes as floating-point numbers: exact up to 24 bits, which is more than a choice needs. */
// @ts-ignore: decorator
@inline
function size(v: v128): v128 {
  return f32x4.convert_i32x4_s(i32x4.abs(v));
}

// @ts-ignore: decorator
@inline
function sum(v: v128): f32 {
  return (f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1)) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/**
 * Sums of the magnitudes of the samples and of their differences up to the fourth order, five floats into `sums`: how well the fixed predictors
 * of FLAC do. The first four samples, and up to three at the end, are left out.
 */
export function sumDifferences(samples: usize, count: i32, sums: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  for (let i: i32 = 4; i + 4 <= count; i += 4) {
    const at = samples + (<usize>i << 2);
    const x0 = v128.load(at);
    const x1 = v128.load(at - 4);
    const x2 = v128.load(at - 8);
    const x3 = v128.load(at - 12);
    const a = i32x4.sub(x0, x1);
    const b = i32x4.sub(x1, x2);
    const c = i32x4.sub(x2, x3);
    const d = i32x4.sub(x3, v128.load(at - 16));
    const ab = i32x4.sub(a, b);
    const bc = i32x4.sub(b, c);
    const abc = i32x4.sub(ab, bc);
    const bcd = i32x4.sub(bc, i32x4.sub(c, d));
    s0 = f32x4.add(s0, size(x0));
    s1 = f32x4.add(s1, size(a));
    s2 = f32x4.add(s2, size(ab));
    s3 = f32x4.add(s3, size(abc));
    s4 = f32x4.add(s4, size(i32x4.sub(abc, bcd)));
  }
  store<f32>(sums, sum(s0));
  store<f32>(sums, sum(s1), 4);
  store<f32>(sums, sum(s2), 8);
  store<f32>(sums, sum(s3), 12);
  store<f32>(sums, sum(s4), 16);
}

/** True when all samples are the same. */
export function isConstant(samples: usize, count: i32): bool {
  const first = load<i32>(samples);
  const end = samples + (<usize>count << 2);
  for (; samples < end; samples += 4) if (load<i32>(samples) != first) return false;
  return true;
}

/** Turns samples into their differences of an order up to 4, the first `order` of them aside; `out` has room for whole vectors. */
export function fixedResidual(samples: usize, out: usize, count: i32, order: i32): void {
  const bytes = <usize>count << 2;
  for (let from = <usize>order << 2; from < bytes; from += 16) {
    const at = samples + from;
    let residual = v128.load(at);
    if (order == 1) {
      residual = i32x4.sub(residual, v128.load(at - 4));
    } else if (order == 2) {
      residual = i32x4.add(i32x4.sub(residual, i32x4.shl(v128.load(at - 4), 1)), v128.load(at - 8));
    } else if (order == 3) {
      const middle = i32x4.sub(v128.load(at - 4), v128.load(at - 8));
      residual = i32x4.sub(i32x4.sub(residual, v128.load(at - 12)), i32x4.mul(middle, i32x4.splat(3)));
    } else if (order == 4) {
      const outer = i32x4.add(residual, v128.load(at - 16));
      const inner = i32x4.shl(i32x4.add(v128.load(at - 4), v128.load(at - 12)), 2);
      residual = i32x4.add(i32x4.sub(outer, inner), i32x4.mul(v128.load(at - 8), i32x4.splat(6)));
    }
    v128.store(out + from, residual);
  }
}
