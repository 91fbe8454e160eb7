/** Largest absolute value of `count` 16-bit samples, 0 to 32767. */
export function peak(from: usize, count: i32): i32 {
  let most = i16x8.splat(0);
  const vectors = from + (<usize>(count & ~7) << 1);
  const end = from + (<usize>count << 1);
  for (; from < vectors; from += 16) {
    const s = i16x8.max_s(v128.load(from), i16x8.splat(-32767));
    most = i16x8.max_s(most, i16x8.abs(s));
  }
  let highest: i32 = 0;
  for (; from < end; from += 2) highest = max<i32>(highest, min<i32>(32767, abs<i32>(load<i16>(from))));
  most = i16x8.max_s(most, v128.shuffle<i64>(most, most, 1, 0));
  most = i16x8.max_s(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2));
  highest = max<i32>(highest, i16x8.extract_lane_s(most, 0));
  return max<i32>(highest, i16x8.extract_lane_s(most, 1));
}
