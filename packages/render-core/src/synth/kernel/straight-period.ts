import { FILTER_A1, FILTER_A2, FILTER_B0, FILTER_X1, FILTER_X2, FILTER_Y1, FILTER_Y2, PHASE } from '../voice-layout';
import { applyLine, firstFour, nextFour, slopeOf } from './gain-line';
import { cursor, interpolate } from './interpolation';
import { flush, isSweeping, lowPass } from './low-pass-filter';
import { straightRun } from './oscillator';
import { interpolation } from './settings';

/**
 * The usual case of a period, in one loop: neither the sample nor the loop ends, the gain runs straight. Interpolation,
 * filter and gain of four frames at a time; the processor computes the interpolation while the filter waits for itself.
 */
// @ts-ignore: decorator
@inline
function plain(points: i32, voice: usize, source: usize, increment: i64, gain: f32, nextGain: f32, out: usize): void {
  const phase = load<i64>(voice, PHASE);
  let at = cursor(points, source, phase);
  const step = increment << 1;
  const step4 = increment << 3;
  const slope = slopeOf(gain, nextGain);
  let level = firstFour(gain, slope);
  let next = nextFour(gain, slope);
  const rise = f32x4.splat(slope * 8);
  const end = out + 256;
  do {
    const p1 = at + step;
    const p2 = p1 + step;
    v128.store(out, f32x4.mul(level, interpolate(points, at, p1, p2, p2 + step)));
    const last = level;
    level = next;
    next = f32x4.add(last, rise);
    at += step4;
    out += 16;
  } while (out < end);
  store<i64>(voice, phase + (increment << 6), PHASE);
}

/** See low-pass-filter.ts for how four frames of a recursion are computed at once. */
// @ts-ignore: decorator
@inline
function filtered(points: i32, voice: usize, source: usize, increment: i64, gain: f32, slope: f32, out: usize): void {
  const phase = load<i64>(voice, PHASE);
  let at = cursor(points, source, phase);
  const step = increment << 1;
  const step4 = increment << 3;
  let level = firstFour(gain, slope);
  let next = nextFour(gain, slope);
  const rise = f32x4.splat(slope * 8);

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
  let x = f32x4(0, 0, <f32>load<f64>(voice, FILTER_X2), <f32>load<f64>(voice, FILTER_X1));
  let y = f32x4(0, 0, <f32>load<f64>(voice, FILTER_Y2), <f32>load<f64>(voice, FILTER_Y1));
  const end = out + 256;
  do {
    const p1 = at + step;
    const p2 = p1 + step;
    const now = interpolate(points, at, p1, p2, p2 + step);
    at += step4;
    const x1 = v128.shuffle<f32>(x, now, 3, 4, 5, 6);
    const x2 = v128.shuffle<f32>(x, now, 2, 3, 4, 5);
    x = now;
    const f = f32x4.mul(b0, f32x4.add(f32x4.add(now, x1), f32x4.add(x1, x2)));
    const f1 = v128.shuffle<f32>(zero, f, 3, 4, 5, 6);
    const f2 = v128.shuffle<f32>(zero, f, 2, 3, 4, 5);
    const f3 = v128.shuffle<f32>(zero, f, 1, 2, 3, 4);
    const fresh = f32x4.add(f32x4.add(f, f32x4.mul(t1, f1)), f32x4.add(f32x4.mul(t2, f2), f32x4.mul(t3, f3)));
    y = f32x4.add(
      f32x4.add(fresh, f32x4.mul(fromY2, v128.shuffle<f32>(y, y, 2, 2, 2, 2))),
      f32x4.mul(fromY1, v128.shuffle<f32>(y, y, 3, 3, 3, 3)));
    v128.store(out, f32x4.mul(y, level));
    const last = level;
    level = next;
    next = f32x4.add(last, rise);
    out += 16;
  } while (out < end);
  store<i64>(voice, phase + (increment << 6), PHASE);
  store<f64>(voice, <f64>f32x4.extract_lane(x, 2), FILTER_X2);
  store<f64>(voice, <f64>f32x4.extract_lane(x, 3), FILTER_X1);
  store<f64>(voice, <f64>f32x4.extract_lane(y, 2), FILTER_Y2);
  store<f64>(voice, <f64>f32x4.extract_lane(y, 3), FILTER_Y1);
}

function filteredFrames(voice: usize, source: usize, increment: i64, gain: f32, slope: f32, out: usize): void {
  if (interpolation == 4) filtered(4, voice, source, increment, gain, slope, out);
  else if (interpolation == 8) filtered(8, voice, source, increment, gain, slope, out);
  else filtered(2, voice, source, increment, gain, slope, out);
}

export function plainPeriod(voice: usize, source: usize, increment: i64, gain: f32, nextGain: f32, out: usize): void {
  if (interpolation == 4) plain(4, voice, source, increment, gain, nextGain, out);
  else if (interpolation == 8) plain(8, voice, source, increment, gain, nextGain, out);
  else plain(2, voice, source, increment, gain, nextGain, out);
}

/** The filter has been tuned for this period (see {@link retune}). */
export function filteredPeriod(voice: usize, source: usize, increment: i64, gain: f32, nextGain: f32, out: usize): void {
  if (isSweeping) {
    straightRun(voice, source, increment);
    lowPass(voice, out);
    applyLine(out, out, gain, nextGain);
  } else {
    filteredFrames(voice, source, increment, gain, slopeOf(gain, nextGain), out);
    flush(voice);
  }
}
