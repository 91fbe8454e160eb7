/**
 * Sums of a residual's magnitudes as Rice coding counts them (0 -1 1 -2 become 0 1 2 3), one double for each of `partitions` equal stretches
 * of `count` samples. The first `from` samples have no residual.
 */
export function riceSums(residual: usize, from: i32, count: i32, partitions: i32, sums: usize): void {
  const size = count / partitions;
  for (let partition: i32 = 0; partition < partitions; partition++, sums += 8) {
    const start = partition * size;
    let at = residual + (<usize>(partition == 0 ? from : start) << 2);
    const end = residual + (<usize>(start + size) << 2);
    let low = i64x2.splat(0);
    let high = low;
    for (; at + 16 <= end; at += 16) {
      const value = v128.load(at);
      const folded = v128.xor(i32x4.shl(value, 1), i32x4.shr_s(value, 31));
      low = i64x2.add(low, i64x2.extend_low_i32x4_u(folded));
      high = i64x2.add(high, i64x2.extend_high_i32x4_u(folded));
    }
    low = i64x2.add(low, high);
    let sum = i64x2.extract_lane(low, 0) + i64x2.extract_lane(low, 1);
    for (; at < end; at += 4) {
      const value = load<i32>(at);
      sum += <i64>(<u32>((value << 1) ^ (value >> 31)));
    }
    store<f64>(sums, <f64>sum);
  }
}
