import { CUBIC_TABLE, LINEAR_TABLE, SINC_TABLE } from '../voice-layout';

/**
 * Where the oscillator reads, as one number: the byte address of a frame in the upper half and the fraction below, so that
 * a position in frames (32.32 fixed point) counts twice. Bit 32, the lowest of the address, is the highest of the fraction.
 */
// @ts-ignore: decorator
@inline
export function cursor(points: i32, source: usize, position: i64): i64 {
  const before: usize = points == 8 ? 6 : points == 4 ? 2 : 0;
  return (<i64>(source - before) << 32) + (position << 1);
}

/** Address of the first frame that is interpolated. */
// @ts-ignore: decorator
@inline
function frame(at: i64): usize {
  return <usize>(<u32>(at >> 32)) & ~1;
}

/** Offset of the coefficients for the fraction; 2 ^ `shift` bytes for each of 1024. */
// @ts-ignore: decorator
@inline
function row(at: i64, shift: i64): usize {
  return <usize>(<u32>(at >> (23 - shift))) & (1023 << <usize>shift);
}

/** Sums neighbouring lanes of two vectors: a0 + a1, a2 + a3, b0 + b1, b2 + b3. */
// @ts-ignore: decorator
@inline
function pairs(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 2, 4, 6), v128.shuffle<i32>(a, b, 1, 3, 5, 7));
}

/**
 * Four interpolated frames at four cursors. Full scale is 2^30: 16-bit samples times 15-bit coefficients.
 * Products and sums are integers, so they are exact.
 */
// @ts-ignore: decorator
@inline
export function interpolate(points: i32, p0: i64, p1: i64, p2: i64, p3: i64): v128 {
  if (points == 8) {
    const d0 = i32x4.dot_i16x8_s(v128.load(frame(p0)), v128.load(row(p0, 4), SINC_TABLE));
    const d1 = i32x4.dot_i16x8_s(v128.load(frame(p1)), v128.load(row(p1, 4), SINC_TABLE));
    const d2 = i32x4.dot_i16x8_s(v128.load(frame(p2)), v128.load(row(p2, 4), SINC_TABLE));
    const d3 = i32x4.dot_i16x8_s(v128.load(frame(p3)), v128.load(row(p3, 4), SINC_TABLE));
    return f32x4.convert_i32x4_s(pairs(pairs(d0, d1), pairs(d2, d3)));
  }
  if (points == 4) {
    const s01 = v128.load_lane<u64>(frame(p1), v128.load64_zero(frame(p0)), 1);
    const s23 = v128.load_lane<u64>(frame(p3), v128.load64_zero(frame(p2)), 1);
    const c01 = v128.load_lane<u64>(row(p1, 3), v128.load64_zero(row(p0, 3), CUBIC_TABLE), 1, CUBIC_TABLE);
    const c23 = v128.load_lane<u64>(row(p3, 3), v128.load64_zero(row(p2, 3), CUBIC_TABLE), 1, CUBIC_TABLE);
    return f32x4.convert_i32x4_s(pairs(i32x4.dot_i16x8_s(s01, c01), i32x4.dot_i16x8_s(s23, c23)));
  }
  let s = v128.load32_zero(frame(p0));
  s = v128.load_lane<u32>(frame(p1), s, 1);
  s = v128.load_lane<u32>(frame(p2), s, 2);
  s = v128.load_lane<u32>(frame(p3), s, 3);
  let c = v128.load32_zero(row(p0, 2), LINEAR_TABLE);
  c = v128.load_lane<u32>(row(p1, 2), c, 1, LINEAR_TABLE);
  c = v128.load_lane<u32>(row(p2, 2), c, 2, LINEAR_TABLE);
  c = v128.load_lane<u32>(row(p3, 2), c, 3, LINEAR_TABLE);
  return f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(s, c));
}
