/** Half the sum, rounded down, and the difference of two channels of whole numbers. All lines have room for whole vectors. */
export function middleAndSide(left: usize, right: usize, middle: usize, side: usize, count: i32): void {
  const end = left + (<usize>count << 2);
  for (; left < end; left += 16, right += 16, middle += 16, side += 16) {
    const l = v128.load(left);
    const r = v128.load(right);
    v128.store(middle, i32x4.shr_s(i32x4.add(l, r), 1));
    v128.store(side, i32x4.sub(l, r));
  }
}
