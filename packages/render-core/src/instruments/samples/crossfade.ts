/** Values between which a region fades in or out; with equal ends it is there or not. */
export interface FadeRange {
  readonly from: number;
  readonly to: number;
}

/** How a region gives way to its neighbours over keys or velocities. */
export interface Crossfade {
  readonly fadeIn: FadeRange | null;
  readonly fadeOut: FadeRange | null;
  /** `power` keeps the power of two regions that cross the same everywhere, `gain` their amplitudes. */
  readonly curve: 'power' | 'gain';
}

/** Amplitude of a region at a key or velocity. */
export function crossfadeGain({ fadeIn, fadeOut, curve }: Crossfade, value: number): number {
  let share = 1;
  if (fadeIn !== null) share *= value < fadeIn.to ? risen(fadeIn, value) : 1;
  if (fadeOut !== null) share *= value > fadeOut.from ? 1 - risen(fadeOut, value) : 1;
  return curve === 'power' ? Math.sqrt(share) : share;
}

function risen({ from, to }: FadeRange, value: number): number {
  if (value >= to) return 1;
  return value <= from ? 0 : (value - from) / (to - from);
}
