/** Where the next bits go, those that are no whole word yet, and how many they are (below 32). */
let to: usize = 0;
let bits: u64 = 0;
let pending: i32 = 0;

/** Begins a stream of bits at an address, the most significant first. */
export function startBits(out: usize): void {
  to = out;
  bits = 0;
  pending = 0;
}

/** Writes the lowest `count` bits (0-32) of a whole number; negative numbers as two's complement. */
export function putBits(value: i32, count: i32): void {
  bits = (bits << count) | (<u64>(<u32>value) & ((<u64>1 << count) - 1));
  pending += count;
  if (pending >= 32) {
    pending -= 32;
    store<u32>(to, bswap<u32>(<u32>(bits >> pending)));
    to += 4;
  }
}

/** Fills the last byte with zero bits, and returns the address behind it. */
export function finishBits(): usize {
  const last = (pending + 7) & ~7;
  bits <<= last - pending;
  for (let left = last - 8; left >= 0; left -= 8) store<u8>(to++, <u8>(bits >> left));
  bits = 0;
  pending = 0;
  return to;
}

/** Writes whole numbers one after the other, `size` bits of each. */
export function putNumbers(numbers: usize, count: i32, size: i32): void {
  const end = numbers + (<usize>count << 2);
  for (; numbers < end; numbers += 4) putBits(load<i32>(numbers), size);
}

/** Writes a stretch of a residual with one Rice parameter (RFC 9639 section 9.2.7.3): quotient in unary, then the remainder. */
export function putRice(residual: usize, count: i32, parameter: i32): void {
  let word = bits;
  let held = pending;
  let at = to;
  const end = residual + (<usize>count << 2);
  const stop: u32 = 1 << parameter;
  for (; residual < end; residual += 4) {
    const value = load<i32>(residual);
    // Zigzag: 0 -1 1 -2 become 0 1 2 3.
    const folded = <u32>((value << 1) ^ (value >> 31));
    let zeros = <i32>(folded >> parameter);
    while (zeros + 1 + parameter > 32) {
      const some = min<i32>(zeros, 31);
      word <<= some;
      held += some;
      if (held >= 32) {
        held -= 32;
        store<u32>(at, bswap<u32>(<u32>(word >> held)));
        at += 4;
      }
      zeros -= some;
    }
    const length = zeros + 1 + parameter;
    word = (word << length) | <u64>(stop | (folded & (stop - 1)));
    held += length;
    if (held >= 32) {
      held -= 32;
      store<u32>(at, bswap<u32>(<u32>(word >> held)));
      at += 4;
    }
  }
  bits = word;
  pending = held;
  to = at;
}
