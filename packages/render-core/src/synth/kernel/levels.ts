/** Largest bit pattern, without their signs, of `count` samples: 0 for silence alone, at least 0x7f800000 when one of them is not a finite number. */
export function magnitude(samples: usize, count: i32): i32 {
  let most = i32x4.splat(0);
  let other = most;
  const pairs = samples + (<usize>(count & ~7) << 2);
  const end = samples + (<usize>count << 2);
  const unsigned = i32x4.splat(0x7fffffff);
  for (; samples < pairs; samples += 32) {
    most = i32x4.max_s(most, v128.and(v128.load(samples), unsigned));
    other = i32x4.max_s(other, v128.and(v128.load(samples, 16), unsigned));
  }
  most = i32x4.max_s(most, other);
  for (; samples < end; samples += 4) most = i32x4.max_s(most, v128.and(v128.load32_zero(samples), unsigned));
  most = i32x4.max_s(most, v128.shuffle<i64>(most, most, 1, 0));
  most = i32x4.max_s(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2));
  return i32x4.extract_lane(most, 0);
}

/** Lowest and highest of `count` samples, at least one, as two floats into `out`. */
export function extremes(samples: usize, count: i32, out: usize): void {
  let low = v128.load32_splat(samples);
  let high = low;
  const vectors = samples + (<usize>(count & ~3) << 2);
  const end = samples + (<usize>count << 2);
  for (; samples < vectors; samples += 16) {
    const x = v128.load(samples);
    low = f32x4.pmin(low, x);
    high = f32x4.pmax(high, x);
  }
  for (; samples < end; samples += 4) {
    const x = v128.load32_splat(samples);
    low = f32x4.pmin(low, x);
    high = f32x4.pmax(high, x);
  }
  low = f32x4.pmin(low, v128.shuffle<i64>(low, low, 1, 0));
  high = f32x4.pmax(high, v128.shuffle<i64>(high, high, 1, 0));
  store<f32>(out, min<f32>(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)));
  store<f32>(out, max<f32>(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)), 4);
}

/** Makes `count` samples silent. The host's own `fill` goes sample by sample in shared memory. */
export function silence(samples: usize, count: i32): void {
  memory.fill(samples, 0, <usize>count << 2);
}

/** Adds `count` frames of one buffer to another with a gain. */
export function addScaled(out: usize, from: usize, gain: f32, count: i32): void {
  const gains = f32x4.splat(gain);
  const vectors = out + (<usize>(count & ~3) << 2);
  const end = out + (<usize>count << 2);
  for (; out < vectors; out += 16, from += 16) {
    v128.store(out, f32x4.add(v128.load(out), f32x4.mul(v128.load(from), gains)));
  }
  for (; out < end; out += 4, from += 4) store<f32>(out, load<f32>(out) + gain * load<f32>(from));
}

/** Puts `count` frames of one buffer with a gain in the place of another; the two may be one. */
export function setScaled(out: usize, from: usize, gain: f32, count: i32): void {
  const gains = f32x4.splat(gain);
  const vectors = out + (<usize>(count & ~3) << 2);
  const end = out + (<usize>count << 2);
  for (; out < vectors; out += 16, from += 16) v128.store(out, f32x4.mul(v128.load(from), gains));
  for (; out < end; out += 4, from += 4) store<f32>(out, gain * load<f32>(from));
}

/** Half the sum of two channels. `out` has room for whole vectors. */
export function middle(left: usize, right: usize, out: usize, count: i32): void {
  const half = f32x4.splat(0.5);
  const end = out + (<usize>count << 2);
  for (; out < end; out += 16, left += 16, right += 16)
    v128.store(out, f32x4.mul(half, f32x4.add(v128.load(left), v128.load(right))));
}
