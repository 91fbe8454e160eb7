/** A triangle of -1 to 1 that starts at 0, rising (SF2.04 8.1.2, generators 22 and 24). */
export function triangle(cycles: number): number {
  const phase = cycles - Math.floor(cycles);
  if (phase < 0.25) return 4 * phase;
  return phase < 0.75 ? 2 - 4 * phase : 4 * phase - 4;
}
