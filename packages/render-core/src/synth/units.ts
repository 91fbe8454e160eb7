/** Octaves of gain (20 log10(2) = 6.02 dB) that 100 dB are: the way of a whole decay or release (SF2.04 8.1.2, 36 and 38). */
export const FULL_DECAY_OCTAVES = 100 / (20 * Math.log10(2));

const OCTAVES_PER_CENTIBEL = 1 / (200 * Math.log10(2));

/** Centibels (1/10 dB) as octaves of gain. */
export function centibelsToOctaves(centibels: number): number {
  return centibels * OCTAVES_PER_CENTIBEL;
}

export function octavesToGain(octaves: number): number {
  return 2 ** octaves;
}

/** Absolute timecents to seconds (SF2.04 8.1.2), at least a millisecond and at most 101 s. */
export function timecentsToSeconds(timecents: number): number {
  return 2 ** (Math.min(8000, Math.max(-12000, timecents)) / 1200);
}

/** The same for delays and holds, of which the shortest there is means none. */
export function stageSeconds(timecents: number): number {
  return timecents <= -12000 ? 0 : 2 ** (Math.min(5000, timecents) / 1200);
}

/** Absolute cents to cycles per second: 0 is 8.176 Hz, the frequency of key 0. */
export function lfoCycles(cents: number): number {
  return KEY_0 * 2 ** (Math.min(4500, Math.max(-16000, cents)) / 1200);
}

/** Hz to absolute cents. */
export function hertzToAbsoluteCents(hertz: number): number {
  return 1200 * Math.log2(hertz / KEY_0);
}

const KEY_0 = 440 * 2 ** (-69 / 12);
