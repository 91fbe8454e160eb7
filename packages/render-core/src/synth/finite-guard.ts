/**
 * Replaces NaN and infinities by silence, so that one bad voice cannot spoil a mix.
 *
 * @returns how many samples were replaced
 */
export function replaceNonFinite(samples: Float32Array, frames: number): number {
  let replaced = 0;
  for (let i = 0; i < frames; i++) {
    if (!Number.isFinite(samples[i]!)) {
      samples[i] = 0;
      replaced++;
    }
  }
  return replaced;
}
