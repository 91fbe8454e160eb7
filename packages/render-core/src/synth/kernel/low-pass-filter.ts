import {
  FILTER_A1, FILTER_A2, FILTER_B0, FILTER_CUTOFF, FILTER_GAIN, FILTER_X1, FILTER_X2, FILTER_Y1, FILTER_Y2,
  HALF_INVERSE_Q,
} from '../voice-layout';
import { exp2 } from './exponential';
import { highestCutoff, lowCutoff, radiansPerFrame, samples } from './settings';

/** Lowest cutoff that is computed: 1500 cents, 19.4 Hz (SF2.04 8.1.3, generator 8). */
const LOWEST: f32 = 1.25;
/** Cosine for |x| <= pi/2, error below 1e-9. */
// @ts-ignore: decorator
@inline
function cosine(x: f64): f64 {
  const s = x * x;
  return 1.0 + s * (-0.5 + s * (0.041666666666666664 + s * (-0.001388888888888889 + s * (2.48015873015873e-5 +
    s * (-2.7557319223985893e-7 + s * 2.08767569878681e-9)))));
}

// @ts-ignore: decorator
@inline
function sine(x: f64): f64 {
  const s = x * x;
  return x * (1.0 + s * (-0.16666666666666666 + s * (0.008333333333333333 + s * (-0.0001984126984126984 +
    s * (2.7557319223985893e-6 + s * -2.505210838544172e-8)))));
}

/** A cutoff that has moved less than this (4 cents) leaves the filter as it is. */
const HOLD: f32 = 0.0034;
/** One that moves less than this in a period (20 cents) does so in one step, others in four. */
const SMALL_STEP: f32 = 0.0167;

/** Coefficients of a second-order low pass (bilinear transform of the analogue prototype) at a cutoff in octaves above 8.176 Hz. */
function tune(voice: usize, cutoff: f32): void {
  store<f32>(voice, cutoff, FILTER_CUTOFF);
  const half = 0.5 * radiansPerFrame * exp2(<f64>cutoff);
  const s = sine(half);
  const c = cosine(half);
  const alpha = 2.0 * s * c * <f64>load<f32>(voice, HALF_INVERSE_Q);
  const norm = 1.0 / (1.0 + alpha);
  store<f32>(voice, <f32>(s * s * norm * <f64>load<f32>(voice, FILTER_GAIN)), FILTER_B0);
  store<f32>(voice, <f32>(-2.0 * (c * c - s * s) * norm), FILTER_A1);
  store<f32>(voice, <f32>((1.0 - alpha) * norm), FILTER_A2);
}

/** Whether the coefficients move within the period, and by how much in a quarter of it: set by {@link retune}. */
export let isSweeping: bool = false;
/** Whether the recursion needs double precision at the voice's cutoff. */
export let isLow: bool = false;
let b0Step: f32 = 0;
let a1Step: f32 = 0;
let a2Step: f32 = 0;

/** Makes the voice's filter ready for a period whose cutoff, in octaves, is `wanted`. */
export function retune(voice: usize, wanted: f32): void {
  const before = load<f32>(voice, FILTER_CUTOFF);
  const cutoff = min<f32>(max<f32>(wanted, LOWEST), highestCutoff);
  const moved = abs<f32>(cutoff - before);
  isSweeping = false;
  isLow = min<f32>(cutoff, before < 0 ? cutoff : before) < lowCutoff;
  if (moved < HOLD) return;
  const b0 = load<f32>(voice, FILTER_B0);
  const a1 = load<f32>(voice, FILTER_A1);
  const a2 = load<f32>(voice, FILTER_A2);
  tune(voice, cutoff);
  if (before < 0 || moved < SMALL_STEP) return;
  isSweeping = true;
  b0Step = (load<f32>(voice, FILTER_B0) - b0) * 0.25;
  a1Step = (load<f32>(voice, FILTER_A1) - a1) * 0.25;
  a2Step = (load<f32>(voice, FILTER_A2) - a2) * 0.25;
  store<f32>(voice, b0, FILTER_B0);
  store<f32>(voice, a1, FILTER_A1);
  store<f32>(voice, a2, FILTER_A2);
}

/** Moves the coefficients on by a quarter of a sweep. */
// @ts-ignore: decorator
@inline
function sweep(voice: usize): void {
  store<f32>(voice, load<f32>(voice, FILTER_B0) + b0Step, FILTER_B0);
  store<f32>(voice, load<f32>(voice, FILTER_A1) + a1Step, FILTER_A1);
  store<f32>(voice, load<f32>(voice, FILTER_A2) + a2Step, FILTER_A2);
}

/**
 * Filters the frames from `at` on, with two frames of the past before them, and writes them to `out`.
 *
 * Four frames are computed at once: y = f + a triangle of the impulse response times f + the response to the last two
 * outputs, where f is the part that does not recur. That is the same recursion, unrolled, so a voice needs no others beside it.
 */
// @ts-ignore: decorator
@inline
function filterVectors(voice: usize, at: usize, bytes: usize, out: usize): void {
  const a1 = load<f32>(voice, FILTER_A1);
  const a2 = load<f32>(voice, FILTER_A2);
  const h1: f32 = -a1;
  const h2: f32 = -a1 * h1 - a2;
  const h3: f32 = -a1 * h2 - a2 * h1;
  const h4: f32 = -a1 * h3 - a2 * h2;
  const b0 = f32x4.splat(load<f32>(voice, FILTER_B0));
  const t1 = f32x4.splat(h1);
  const t2 = f32x4.splat(h2);
  const t3 = f32x4.splat(h3);
  const fromY1 = f32x4(h1, h2, h3, h4);
  const fromY2 = f32x4(-a2, -a2 * h1, -a2 * h2, -a2 * h3);
  const zero = f32x4.splat(0);
  let y = f32x4(0, 0, <f32>load<f64>(voice, FILTER_Y2), <f32>load<f64>(voice, FILTER_Y1));
  const end = out + bytes;
  do {
    const x1 = v128.load(at - 4);
    const f = f32x4.mul(b0, f32x4.add(f32x4.add(v128.load(at), x1), f32x4.add(x1, v128.load(at - 8))));
    const f1 = v128.shuffle<f32>(zero, f, 3, 4, 5, 6);
    const f2 = v128.shuffle<f32>(zero, f, 2, 3, 4, 5);
    const f3 = v128.shuffle<f32>(zero, f, 1, 2, 3, 4);
    const fresh = f32x4.add(f32x4.add(f, f32x4.mul(t1, f1)), f32x4.add(f32x4.mul(t2, f2), f32x4.mul(t3, f3)));
    y = f32x4.add(
      f32x4.add(fresh, f32x4.mul(fromY2, v128.shuffle<f32>(y, y, 2, 2, 2, 2))),
      f32x4.mul(fromY1, v128.shuffle<f32>(y, y, 3, 3, 3, 3)));
    v128.store(out, y);
    out += 16;
    at += 16;
  } while (out < end);
  store<f64>(voice, <f64>f32x4.extract_lane(y, 2), FILTER_Y2);
  store<f64>(voice, <f64>f32x4.extract_lane(y, 3), FILTER_Y1);
}

/** The same frame by frame in double precision. */
function filterFrames(voice: usize, at: usize, count: i32, out: usize, b0: f64, a1: f64, a2: f64): void {
  let y1 = load<f64>(voice, FILTER_Y1);
  let y2 = load<f64>(voice, FILTER_Y2);
  const end = at + (<usize>count << 2);
  do {
    const x1 = <f64>load<f32>(at - 4);
    const y = b0 * (<f64>load<f32>(at) + x1 + x1 + <f64>load<f32>(at - 8)) - a1 * y1 - a2 * y2;
    y2 = y1;
    y1 = y;
    store<f32>(out, <f32>y);
    at += 4;
    out += 4;
  } while (at < end);
  store<f64>(voice, y1, FILTER_Y1);
  store<f64>(voice, y2, FILTER_Y2);
}

function filterRun(voice: usize, at: usize, frames: i32, out: usize): void {
  if (isLow) {
    filterFrames(voice, at, frames, out, load<f32>(voice, FILTER_B0), load<f32>(voice, FILTER_A1), load<f32>(voice, FILTER_A2));
  } else {
    filterVectors(voice, at, <usize>frames << 2, out);
  }
}

// @ts-ignore: decorator
@inline
function pastIn(voice: usize): void {
  store<f32>(samples - 8, <f32>load<f64>(voice, FILTER_X2));
  store<f32>(samples - 4, <f32>load<f64>(voice, FILTER_X1));
}

// @ts-ignore: decorator
@inline
function pastOut(voice: usize): void {
  store<f64>(voice, <f64>load<f32>(samples + 248), FILTER_X2);
  store<f64>(voice, <f64>load<f32>(samples + 252), FILTER_X1);
  flush(voice);
}

/** Filters the period in the sample work space and writes it to `out`. */
export function lowPass(voice: usize, out: usize): void {
  pastIn(voice);
  if (isSweeping) {
    for (let quarter: usize = 0; quarter < 256; quarter += 64) {
      sweep(voice);
      filterRun(voice, samples + quarter, 16, out + quarter);
    }
  } else {
    filterRun(voice, samples, 64, out);
  }
  pastOut(voice);
}

/** Brings a filter that has died away to rest. */
export function flush(voice: usize): void {
  // Numbers too small to be heard cost a hundred times as much to compute with.
  if (abs(load<f64>(voice, FILTER_Y1)) + abs(load<f64>(voice, FILTER_Y2)) < 1e-12) {
    store<f64>(voice, 0, FILTER_Y1);
    store<f64>(voice, 0, FILTER_Y2);
  }
}
