import type { StereoSound } from './stereo-sound.js';

const WINDOW = 2048;
const HOP = 1024;
const BANDS = 30;
const LOWEST_HZ = 30;
const HIGHEST_HZ = 16000;
/** Levels this far below the loudest of a sound do not count: nobody hears them beside it. */
const RANGE_DB = 60;

const mel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);

/** Both channels' level in mel-spaced bands, in dB re full scale: one row of {@link BANDS} values per 1024 frames. */
export function bandLevels(sound: StereoSound, sampleRate: number): Float64Array[] {
  const bandOfBin = bins(sampleRate);
  const rows: Float64Array[] = [];
  const real = new Float64Array(WINDOW);
  const imaginary = new Float64Array(WINDOW);
  for (let at = 0; at + WINDOW <= sound.left.length; at += HOP) {
    for (let i = 0; i < WINDOW; i++) {
      real[i] = sound.left[at + i]! * HANN[i]!;
      imaginary[i] = sound.right[at + i]! * HANN[i]!;
    }
    transform(real, imaginary);
    const energies = new Float64Array(BANDS);
    for (let bin = 1; bin < WINDOW / 2; bin++) {
      const band = bandOfBin[bin]!;
      if (band < 0) continue;
      // Left is the real and right the imaginary part, so both halves of the spectrum together are the energy of both.
      const mirror = WINDOW - bin;
      energies[band]! += real[bin]! ** 2 + imaginary[bin]! ** 2 + real[mirror]! ** 2 + imaginary[mirror]! ** 2;
    }
    rows.push(energies.map((energy) => 10 * Math.log10(energy / WINDOW ** 2 + 1e-20)));
  }
  return rows;
}

/** Mean distance in dB of two sounds' bands, over all bands and rows in which either is within 60 dB of the loudest. */
export function bandDistance(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number {
  let loudest = Number.NEGATIVE_INFINITY;
  for (const row of b) for (let band = 0; band < row.length; band++) loudest = Math.max(loudest, row[band]!);
  const floor = loudest - RANGE_DB;
  let sum = 0;
  let count = 0;
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    for (let band = 0; band < b[i]!.length; band++) {
      const x = Math.max(floor, a[i]![band]!);
      const y = Math.max(floor, b[i]![band]!);
      if (x === floor && y === floor) continue;
      sum += Math.abs(x - y);
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
}

function bins(sampleRate: number): Int32Array {
  const low = mel(LOWEST_HZ);
  const width = (mel(HIGHEST_HZ) - low) / BANDS;
  return Int32Array.from({ length: WINDOW / 2 }, (_, bin) => {
    const band = Math.floor((mel((bin * sampleRate) / WINDOW) - low) / width);
    return band >= 0 && band < BANDS ? band : -1;
  });
}

const HANN = Float64Array.from({ length: WINDOW }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / WINDOW));
const COSINES = Float64Array.from({ length: WINDOW / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / WINDOW));
const SINES = Float64Array.from({ length: WINDOW / 2 }, (_, i) => -Math.sin((2 * Math.PI * i) / WINDOW));

/** Radix-2 fast Fourier transform in place. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  for (let i = 1, j = 0; i < WINDOW; i++) {
    let bit = WINDOW >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j]!, real[i]!];
      [imaginary[i], imaginary[j]] = [imaginary[j]!, imaginary[i]!];
    }
  }
  for (let size = 2; size <= WINDOW; size *= 2) {
    const half = size / 2;
    const stride = WINDOW / size;
    for (let i = 0; i < WINDOW; i += size) {
      for (let k = 0; k < half; k++) {
        const cosine = COSINES[k * stride]!;
        const sine = SINES[k * stride]!;
        const x = i + k;
        const y = x + half;
        const re = real[y]! * cosine - imaginary[y]! * sine;
        const im = real[y]! * sine + imaginary[y]! * cosine;
        real[y] = real[x]! - re;
        imaginary[y] = imaginary[x]! - im;
        real[x]! += re;
        imaginary[x]! += im;
      }
    }
  }
}
