import { windowedSinc } from './windowed-sinc.js';

/** Zero crossings on each side, the window's shape and the corner relative to half the lower rate: flat to 0.9 of it, -110 dB from 1 on. */
const CROSSINGS = 80;
const BETA = 11.5;
const CORNER = 0.953;
/** Points of the kernel table between two zero crossings. */
const RESOLUTION = 1024;
/** Numbers in the kernels of all phases together, up to which they are kept rather than computed for every frame. */
const KEPT_WEIGHTS = 2 ** 21;

let kernelTable: Float64Array | null = null;

function kernel(): Float64Array {
  kernelTable ??= Float64Array.from({ length: CROSSINGS * RESOLUTION + 2 }, (_, index) =>
    windowedSinc(index / RESOLUTION, CROSSINGS, BETA),
  );
  return kernelTable;
}

/** Frames that a stretch has after {@link resample}. */
export function resampledLength(frames: number, fromRate: number, toRate: number): number {
  return Math.ceil((frames * toRate) / fromRate);
}

/**
 * Converts a signal from one rate to another (Hz, integers) with a windowed sinc of 160 zero crossings. Frame i of the result is the
 * band-limited signal at the moment i / toRate; what lies above half the lower rate is gone (below -100 dB).
 */
export function resample(signal: Float32Array, fromRate: number, toRate: number): Float32Array {
  if (fromRate === toRate) return signal.slice();
  const out = new Float32Array(resampledLength(signal.length, fromRate, toRate));
  const divisor = greatestCommonDivisor(fromRate, toRate);
  const up = toRate / divisor;
  const down = fromRate / divisor;
  const scale = CORNER * Math.min(1, toRate / fromRate);
  const reach = Math.ceil(CROSSINGS / scale);
  const phases: (Float64Array | undefined)[] = [];
  const keeps = up * 2 * reach <= KEPT_WEIGHTS;
  const scratch = new Float64Array(2 * reach);
  for (let i = 0; i < out.length; i++) {
    const phase = (i * down) % up;
    const first = (i * down - phase) / up - reach + 1;
    const taps = phases[phase] ?? fillTaps(keeps ? new Float64Array(2 * reach) : scratch, phase / up, scale);
    if (keeps) phases[phase] = taps;
    const from = Math.max(0, -first);
    const to = Math.min(taps.length, signal.length - first);
    let sum = 0;
    for (let tap = from; tap < to; tap++) sum += taps[tap]! * signal[first + tap]!;
    out[i] = sum;
  }
  return out;
}

/** Weights of the input frames from `reach` - 1 before to `reach` after a position, the sum being 1. */
function fillTaps(taps: Float64Array, fraction: number, scale: number): Float64Array {
  const table = kernel();
  const reach = taps.length / 2;
  let sum = 0;
  for (let tap = 0; tap < taps.length; tap++) {
    const position = Math.abs(tap - reach + 1 - fraction) * scale * RESOLUTION;
    const index = Math.floor(position);
    const low = table[index] ?? 0;
    const value = low + ((table[index + 1] ?? 0) - low) * (position - index);
    taps[tap] = value;
    sum += value;
  }
  for (let tap = 0; tap < taps.length; tap++) taps[tap]! /= sum;
  return taps;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
