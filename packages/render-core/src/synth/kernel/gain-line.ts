/**
 * A gain that runs straight through a period, four frames at a time. Two vectors in turn, each eight frames ahead of its last
 * value, so that none waits for the one before it. Every loop that applies a gain takes the same steps, for the same bytes.
 */
export function slopeOf(gain: f32, nextGain: f32): f32 {
  return (nextGain - gain) * <f32>(1.0 / 64.0);
}

// @ts-ignore: decorator
@inline
export function firstFour(gain: f32, slope: f32): v128 {
  return f32x4.add(f32x4.splat(gain), f32x4.mul(f32x4.splat(slope), f32x4(1, 2, 3, 4)));
}

// @ts-ignore: decorator
@inline
export function nextFour(gain: f32, slope: f32): v128 {
  return f32x4.add(f32x4.splat(gain), f32x4.mul(f32x4.splat(slope), f32x4(5, 6, 7, 8)));
}

/** Multiplies a period of sound by a straight gain. */
export function applyLine(from: usize, out: usize, gain: f32, nextGain: f32): void {
  const slope = slopeOf(gain, nextGain);
  const rise = f32x4.splat(slope * 8);
  let a = firstFour(gain, slope);
  let b = nextFour(gain, slope);
  let at: usize = 0;
  do {
    v128.store(out + at, f32x4.mul(a, v128.load(from + at)));
    v128.store(out + at, f32x4.mul(b, v128.load(from + at, 16)), 16);
    a = f32x4.add(a, rise);
    b = f32x4.add(b, rise);
    at += 32;
  } while (at < 256);
}
