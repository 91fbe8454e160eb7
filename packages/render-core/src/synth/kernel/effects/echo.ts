/** Far below anything audible: added and taken away it turns numbers that are too small to compute with quickly into zeros. */
const TINY: f32 = 1e-20;

/**
 * One stretch of an echo on one channel: `past` holds what is in the delay line, `frames` frames that come out of it now, and becomes what goes in.
 */
export function echo(signal: usize, past: usize, gain: f32, feedback: f32, frames: i32): void {
  const vectors = signal + (<usize>(frames & ~3) << 2);
  const end = signal + (<usize>frames << 2);
  const gains = f32x4.splat(gain);
  const feedbacks = f32x4.splat(feedback);
  const tiny = f32x4.splat(TINY);
  for (; signal < vectors; signal += 16, past += 16) {
    const old = v128.load(past);
    const x = v128.load(signal);
    const fresh = f32x4.add(x, f32x4.mul(feedbacks, old));
    v128.store(past, f32x4.sub(f32x4.add(fresh, tiny), tiny));
    v128.store(signal, f32x4.add(x, f32x4.mul(gains, old)));
  }
  for (; signal < end; signal += 4, past += 4) {
    const old = load<f32>(past);
    const x = load<f32>(signal);
    store<f32>(past, x + feedback * old + TINY - TINY);
    store<f32>(signal, x + gain * old);
  }
}
