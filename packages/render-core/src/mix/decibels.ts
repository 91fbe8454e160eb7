/** Amplitude factor of a level in dB. */
export function amplitude(decibels: number): number {
  return 10 ** (decibels / 20);
}

/** Level of an amplitude in dB; null for silence, which JSON has no number for. */
export function decibels(amplitudeValue: number): number | null {
  return amplitudeValue > 0 ? 20 * Math.log10(amplitudeValue) : null;
}
