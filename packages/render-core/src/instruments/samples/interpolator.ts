import type { Quality } from '../sound-source.js';
import { windowedSinc } from './windowed-sinc.js';

/** Kernels between two frames; in between they are interpolated themselves. */
const PHASES = 512;
/** Speeds above 1 get a lower corner in these steps of an octave. */
const STEPS_PER_OCTAVE = 4;
const MOST_OCTAVES = 4;

/** Zero crossings on each side and window shape by quality. */
const SHAPES = {
  draft: { crossings: 1, beta: 0 },
  standard: { crossings: 4, beta: 5.5 },
  high: { crossings: 16, beta: 9 },
} as const;

/** Weights for reading between frames: rows of `taps` weights, one row per phase and one more. */
export interface InterpolationTable {
  readonly taps: number;
  readonly weights: Float32Array;
}

export const TABLE_PHASES = PHASES;

/** Frames that must be readable before and after every position that is played. */
export const READ_MARGIN = SHAPES.high.crossings * 2 ** MOST_OCTAVES + 1;

const tables = new Map<string, InterpolationTable>();

/**
 * The table for playing at a speed (frames of the sample per frame of the output). Draft reads straight lines; standard and high are
 * windowed sincs of 8 and 32 frames whose corner falls as the speed rises above 1, so that transposing up does not alias.
 */
export function interpolationTable(quality: Quality, speed: number): InterpolationTable {
  const level =
    quality === 'draft' || speed <= 1.0001
      ? 0
      : Math.min(STEPS_PER_OCTAVE * MOST_OCTAVES, Math.ceil(Math.log2(speed) * STEPS_PER_OCTAVE));
  const key = `${quality} ${level}`;
  const known = tables.get(key);
  if (known !== undefined) return known;
  const table = createTable(quality, 2 ** (level / STEPS_PER_OCTAVE));
  tables.set(key, table);
  return table;
}

function createTable(quality: Quality, stretch: number): InterpolationTable {
  const { crossings, beta } = SHAPES[quality];
  const reach = Math.ceil(crossings * stretch);
  const taps = 2 * reach;
  const weights = new Float32Array((PHASES + 1) * taps);
  for (let phase = 0; phase <= PHASES; phase++) {
    const row = Float64Array.from({ length: taps }, (_, tap) => {
      const x = tap - reach + 1 - phase / PHASES;
      return quality === 'draft' ? Math.max(0, 1 - Math.abs(x)) : windowedSinc(x / stretch, crossings, beta);
    });
    const sum = row.reduce((total, weight) => total + weight, 0);
    for (let tap = 0; tap < taps; tap++) weights[phase * taps + tap] = row[tap]! / sum;
  }
  return { taps, weights };
}
