/** Sum of squares: 0 for silence alone, and not finite when a sample is not. */
export function energy(samples: Float32Array, frames: number): number {
  // Four sums, because one would wait for itself.
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < frames; i += 4) {
    a += samples[i]! * samples[i]!;
    b += samples[i + 1]! * samples[i + 1]!;
    c += samples[i + 2]! * samples[i + 2]!;
    d += samples[i + 3]! * samples[i + 3]!;
  }
  for (; i < frames; i++) a += samples[i]! * samples[i]!;
  return a + b + c + d;
}

/**
 * Replaces NaN and infinities by silence, so that one bad voice cannot spoil a mix.
 *
 * @returns how many samples were replaced
 */
export function replaceNonFinite(samples: Float32Array, frames: number): number {
  if (energy(samples, frames) < Number.POSITIVE_INFINITY) return 0;
  let replaced = 0;
  for (let i = 0; i < frames; i++) {
    if (!Number.isFinite(samples[i]!)) {
      samples[i] = 0;
      replaced++;
    }
  }
  return replaced;
}
