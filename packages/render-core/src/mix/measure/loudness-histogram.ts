/** Far below the absolute gate, because a quiet mix may yet be amplified. */
const LOWEST_LUFS = -170;
const HIGHEST_LUFS = 60;
const ABSOLUTE_GATE_LUFS = -70;
const BINS_PER_LU = 100;
const BINS = (HIGHEST_LUFS - LOWEST_LUFS) * BINS_PER_LU;

/** LUFS of a mean square (BS.1770-4 equation 2). */
export function lufs(meanSquare: number): number {
  return -0.691 + 10 * Math.log10(meanSquare);
}

/**
 * Loudness values in bins of 0.01 LU that remember count and energy: gating and percentiles of a render of any length in the same
 * small memory. Questions are asked "after a gain", because the absolute gate of -70 LUFS depends on it.
 */
export class LoudnessHistogram {
  private readonly counts = new Float64Array(BINS);
  private readonly energies = new Float64Array(BINS);

  add(meanSquare: number): void {
    const loudness = lufs(meanSquare);
    if (!(loudness > LOWEST_LUFS)) return;
    const bin = Math.min(BINS - 1, Math.floor((loudness - LOWEST_LUFS) * BINS_PER_LU));
    this.counts[bin]! += 1;
    this.energies[bin]! += meanSquare;
  }

  /**
   * Loudness after a gain of what lies above the absolute gate and above a gate `relativeLu` below the mean of that (BS.1770-4 equations 5-7);
   * null when nothing does.
   */
  gatedLoudness(relativeLu: number, gainDb: number): number | null {
    const mean = this.meanFrom(this.gateBin(relativeLu, gainDb));
    return mean === null ? null : mean + gainDb;
  }

  /** Distance between the 10th and 95th percentile of what lies above the gates (EBU Tech 3342); null when nothing does. */
  range(relativeLu: number, gainDb: number): number | null {
    const from = this.gateBin(relativeLu, gainDb);
    let count = 0;
    for (let bin = from; bin < BINS; bin++) count += this.counts[bin]!;
    if (count === 0) return null;
    return this.percentile(from, (count - 1) * 0.95) - this.percentile(from, (count - 1) * 0.1);
  }

  private gateBin(relativeLu: number, gainDb: number): number {
    const absolute = binAbove(ABSOLUTE_GATE_LUFS - gainDb);
    const mean = this.meanFrom(absolute);
    return mean === null ? BINS : Math.max(absolute, binAbove(mean - relativeLu));
  }

  private meanFrom(from: number): number | null {
    let count = 0;
    let energy = 0;
    for (let bin = from; bin < BINS; bin++) {
      count += this.counts[bin]!;
      energy += this.energies[bin]!;
    }
    return count > 0 ? lufs(energy / count) : null;
  }

  private percentile(from: number, rank: number): number {
    let passed = 0;
    for (let bin = from; bin < BINS; bin++) {
      passed += this.counts[bin]!;
      if (passed > rank) return LOWEST_LUFS + (bin + 0.5) / BINS_PER_LU;
    }
    return HIGHEST_LUFS;
  }
}

function binAbove(loudness: number): number {
  return Math.min(BINS, Math.max(0, Math.ceil((loudness - LOWEST_LUFS) * BINS_PER_LU)));
}
