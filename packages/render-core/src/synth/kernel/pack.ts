/** The low 16 or 24 bits, or all 32, of four whole numbers one after the other, little-endian; up to 16 bytes are written. */
// @ts-ignore: decorator
@inline
function put(out: usize, numbers: v128, bytes: i32): usize {
  if (bytes == 3) {
    v128.store(out, i8x16.swizzle(numbers, i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1)));
  } else if (bytes == 2) {
    v128.store(out, i16x8.narrow_i32x4_s(numbers, numbers));
  } else {
    v128.store(out, numbers);
  }
  return out + (<usize>bytes << 2);
}

/**
 * Interleaves `count` frames of one or two lines of 32-bit words (`right` is 0 for one) as little-endian numbers of 2, 3 or 4 bytes.
 * `out` has room for whole vectors.
 */
export function pack(left: usize, right: usize, out: usize, count: i32, bytes: i32): void {
  for (let i: i32 = 0; i < count; i += 4, left += 16) {
    const l = v128.load(left);
    if (!right) {
      out = put(out, l, bytes);
      continue;
    }
    const r = v128.load(right);
    right += 16;
    out = put(out, v128.shuffle<i32>(l, r, 0, 4, 1, 5), bytes);
    out = put(out, v128.shuffle<i32>(l, r, 2, 6, 3, 7), bytes);
  }
}
