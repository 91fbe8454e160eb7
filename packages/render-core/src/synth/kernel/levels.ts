/**
 * Largest bit pattern, without their signs, of `count` samples, a multiple of 4: 0 for silence alone, at least 0x7f800000 when one of
 * them is not a finite number.
 */
export function magnitude(samples: usize, count: i32): i32 {
  let most = i32x4.splat(0);
  let other = i32x4.splat(0);
  const pairs = samples + (<usize>(count & ~7) << 2);
  const end = samples + (<usize>count << 2);
  const unsigned = i32x4.splat(0x7fffffff);
  for (; samples < pairs; samples += 32) {
    most = i32x4.max_s(most, v128.and(v128.load(samples), unsigned));
    other = i32x4.max_s(other, v128.and(v128.load(samples, 16), unsigned));
  }
  most = i32x4.max_s(most, other);
  if (samples < end) most = i32x4.max_s(most, v128.and(v128.load(samples), unsigned));
  most = i32x4.max_s(most, v128.shuffle<i64>(most, most, 1, 0));
  most = i32x4.max_s(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2));
  return i32x4.extract_lane(most, 0);
}

/** Adds `count` frames, a multiple of 4, of one buffer to another with a gain. */
export function addScaled(out: usize, from: usize, gain: f32, count: i32): void {
  const gains = f32x4.splat(gain);
  const end = out + (<usize>count << 2);
  for (; out < end; out += 16, from += 16) {
    v128.store(out, f32x4.add(v128.load(out), f32x4.mul(v128.load(from), gains)));
  }
}

/** Puts `count` frames, a multiple of 4, of one buffer with a gain in the place of another. */
export function setScaled(out: usize, from: usize, gain: f32, count: i32): void {
  const gains = f32x4.splat(gain);
  const end = out + (<usize>count << 2);
  for (; out < end; out += 16, from += 16) v128.store(out, f32x4.mul(v128.load(from), gains));
}

/** Multiplies `count` samples by a gain. */
export function scale(samples: usize, gain: f32, count: i32): void {
  const gains = f32x4.splat(gain);
  const vectors = samples + (<usize>(count & ~3) << 2);
  const end = samples + (<usize>count << 2);
  for (; samples < vectors; samples += 16) v128.store(samples, f32x4.mul(v128.load(samples), gains));
  for (; samples < end; samples += 4) store<f32>(samples, gain * load<f32>(samples));
}

/** Half the sum of two channels. `out` has room for whole vectors. */
export function middle(left: usize, right: usize, out: usize, count: i32): void {
  const half = f32x4.splat(0.5);
  const end = out + (<usize>count << 2);
  for (; out < end; out += 16, left += 16, right += 16)
    v128.store(out, f32x4.mul(half, f32x4.add(v128.load(left), v128.load(right))));
}
