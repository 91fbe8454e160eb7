import { tables } from './tables';

/** Address of the frame that a position falls on. */
// @ts-ignore: decorator
@inline
function frame(source: usize, phase: i64): usize {
  return source + (<usize>(<u32>(phase >> 32)) << 1);
}

/**
 * Fills `out` with `count` interpolated frames (whole vectors: up to 3 more) and returns the position after them.
 * The numbers are 2^30 for full scale: 16-bit samples times 15-bit coefficients. Products and sums are integers, so
 * that they do not depend on the order in which they are added.
 */
export function linear(out: usize, count: i32, source: usize, start: i64, increment: i64): i64 {
  let phase = start;
  const table = tables;
  for (const end = out + (<usize>count << 2); out < end; out += 16) {
    const p1 = phase + increment;
    const p2 = p1 + increment;
    const p3 = p2 + increment;
    let s = v128.load32_zero(frame(source, phase));
    s = v128.load_lane<u32>(frame(source, p1), s, 1);
    s = v128.load_lane<u32>(frame(source, p2), s, 2);
    s = v128.load_lane<u32>(frame(source, p3), s, 3);
    let c = v128.load32_zero(table + ((<usize>(<u32>phase) >> 20) & 0xffc));
    c = v128.load_lane<u32>(table + ((<usize>(<u32>p1) >> 20) & 0xffc), c, 1);
    c = v128.load_lane<u32>(table + ((<usize>(<u32>p2) >> 20) & 0xffc), c, 2);
    c = v128.load_lane<u32>(table + ((<usize>(<u32>p3) >> 20) & 0xffc), c, 3);
    v128.store(out, f32x4.convert_i32x4_s(i32x4.dot_i16x8_s(s, c)));
    phase = p3 + increment;
  }
  return start + <i64>count * increment;
}

/** As above with four points, one before the position and two after it. */
export function cubic(out: usize, count: i32, source: usize, start: i64, increment: i64): i64 {
  let phase = start;
  const table = tables + 4096;
  source -= 2;
  for (const end = out + (<usize>count << 2); out < end; out += 16) {
    const p1 = phase + increment;
    const p2 = p1 + increment;
    const p3 = p2 + increment;
    const s01 = v128.load_lane<u64>(frame(source, p1), v128.load64_zero(frame(source, phase)), 1);
    const s23 = v128.load_lane<u64>(frame(source, p3), v128.load64_zero(frame(source, p2)), 1);
    const c01 = v128.load_lane<u64>(table + ((<usize>(<u32>p1) >> 19) & 0x1ff8),
      v128.load64_zero(table + ((<usize>(<u32>phase) >> 19) & 0x1ff8)), 1);
    const c23 = v128.load_lane<u64>(table + ((<usize>(<u32>p3) >> 19) & 0x1ff8),
      v128.load64_zero(table + ((<usize>(<u32>p2) >> 19) & 0x1ff8)), 1);
    const d01 = i32x4.dot_i16x8_s(s01, c01);
    const d23 = i32x4.dot_i16x8_s(s23, c23);
    v128.store(out, f32x4.convert_i32x4_s(
      i32x4.add(v128.shuffle<i32>(d01, d23, 0, 2, 4, 6), v128.shuffle<i32>(d01, d23, 1, 3, 5, 7))));
    phase = p3 + increment;
  }
  return start + <i64>count * increment;
}

/** As above with a windowed sinc of eight points, three before the position and four after it. */
export function sinc(out: usize, count: i32, source: usize, start: i64, increment: i64): i64 {
  let phase = start;
  const table = tables + 12288;
  source -= 6;
  for (const end = out + (<usize>count << 2); out < end; out += 16) {
    const p1 = phase + increment;
    const p2 = p1 + increment;
    const p3 = p2 + increment;
    const d0 = i32x4.dot_i16x8_s(v128.load(frame(source, phase)), v128.load(table + ((<usize>(<u32>phase) >> 18) & 0x3ff0)));
    const d1 = i32x4.dot_i16x8_s(v128.load(frame(source, p1)), v128.load(table + ((<usize>(<u32>p1) >> 18) & 0x3ff0)));
    const d2 = i32x4.dot_i16x8_s(v128.load(frame(source, p2)), v128.load(table + ((<usize>(<u32>p2) >> 18) & 0x3ff0)));
    const d3 = i32x4.dot_i16x8_s(v128.load(frame(source, p3)), v128.load(table + ((<usize>(<u32>p3) >> 18) & 0x3ff0)));
    const e01 = i32x4.add(v128.shuffle<i32>(d0, d1, 0, 2, 4, 6), v128.shuffle<i32>(d0, d1, 1, 3, 5, 7));
    const e23 = i32x4.add(v128.shuffle<i32>(d2, d3, 0, 2, 4, 6), v128.shuffle<i32>(d2, d3, 1, 3, 5, 7));
    v128.store(out, f32x4.convert_i32x4_s(
      i32x4.add(v128.shuffle<i32>(e01, e23, 0, 2, 4, 6), v128.shuffle<i32>(e01, e23, 1, 3, 5, 7))));
    phase = p3 + increment;
  }
  return start + <i64>count * increment;
}
