import {
  LIMITER_AVERAGED, LIMITER_BEFORE, LIMITER_CEILING, LIMITER_DELAY, LIMITER_GAIN, LIMITER_IDLE, LIMITER_INTERPOLATES, LIMITER_LEAST,
  LIMITER_LEFT, LIMITER_LOOK_AHEAD, LIMITER_PAST, LIMITER_RELEASE, LIMITER_RIGHT, LIMITER_SLOT, LIMITER_STRETCH, LIMITER_SUM,
  LIMITER_WANTED,
} from '../../limiter-layout';
import { between, LARGEST_GAIN, largestOf16, PAST_BYTES } from '../true-peak';

/** A gain this near to 1 is 1. */
const NEARLY: f64 = 1.0 - 1e-9;

/** Largest magnitudes of the 12 samples before. */
// @ts-ignore: decorator
@inline
function largestOfPast(at: usize): v128 {
  const past = at - PAST_BYTES;
  return f32x4.pmax(
    f32x4.pmax(f32x4.abs(v128.load(past)), f32x4.abs(v128.load(past, 16))),
    f32x4.abs(v128.load(past, 32)),
  );
}

/** Peaks at four frames: the sample in the middle of the interpolator, and what lies between it and the next. */
// @ts-ignore: decorator
@inline
function peaks(at: usize, interpolates: bool): v128 {
  const middle = f32x4.abs(v128.load(at - 24));
  return interpolates ? f32x4.pmax(middle, between(at)) : middle;
}

/**
 * Writes the gain that each frame asks for by itself: 1, or what brings its peak to the ceiling. Sixteen frames whose loudest sample cannot
 * make a peak above the ceiling are not looked at more closely. Returns whether any gain is below 1.
 */
function want(state: usize, left: usize, right: usize, frames: i32): bool {
  const out = <usize>load<i32>(state, LIMITER_WANTED);
  const ceiling = f32x4.splat(load<f32>(state, LIMITER_CEILING));
  const interpolates = load<i32>(state, LIMITER_INTERPOLATES) != 0;
  const steepest = f32x4.splat(interpolates ? LARGEST_GAIN : 1);
  const one = f32x4.splat(1);
  const end = <usize>frames << 2;
  let any = false;
  let at: usize = 0;
  do {
    let level = f32x4.pmax(largestOfPast(left + at), largestOf16(left + at));
    if (right) level = f32x4.pmax(level, f32x4.pmax(largestOfPast(right + at), largestOf16(right + at)));
    const near = v128.any_true(f32x4.gt(f32x4.mul(level, steepest), ceiling));
    for (let next = at; next < at + 64; next += 16) {
      let gain = one;
      if (near) {
        let peak = f32x4.pmax(ceiling, peaks(left + next, interpolates));
        if (right) peak = f32x4.pmax(peak, peaks(right + next, interpolates));
        gain = f32x4.div(ceiling, peak);
      }
      v128.store(out + next, gain);
    }
    any = any || near;
    at += 64;
  } while (at < end);
  return any;
}

/** Turns wanted gains into applied ones: the least of the look-ahead, rising with the release only, averaged over the look-ahead. */
function smooth(state: usize, frames: i32): void {
  const lookAhead = load<i32>(state, LIMITER_LOOK_AHEAD);
  const share = 1.0 / <f64>lookAhead;
  const release = load<f64>(state, LIMITER_RELEASE);
  const stretch = <usize>load<i32>(state, LIMITER_STRETCH);
  const before = <usize>load<i32>(state, LIMITER_BEFORE);
  const averaged = <usize>load<i32>(state, LIMITER_AVERAGED);
  let gains = <usize>load<i32>(state, LIMITER_WANTED);
  let slot = load<i32>(state, LIMITER_SLOT);
  let least = load<f32>(state, LIMITER_LEAST);
  let idle = load<i32>(state, LIMITER_IDLE);
  let gain = load<f64>(state, LIMITER_GAIN);
  let sum = load<f64>(state, LIMITER_SUM);
  const end = gains + (<usize>frames << 2);
  do {
    const wanted = load<f32>(gains);
    const at = <usize>slot << 2;
    store<f32>(stretch + at, wanted);
    if (wanted < least) least = wanted;
    // The last `lookAhead` frames are this stretch up to here and the stretch before from here on.
    const older = load<f32>(before + at, 4);
    const to = <f64>(older < least ? older : least);
    gain = to < gain ? to : gain + release * (to - gain);
    if (gain > NEARLY) gain = 1;
    idle = gain == 1 ? idle + 1 : 0;
    const oldest = averaged + (at << 1);
    // All averaged gains are 1 then: what rounding has left in the sum goes.
    sum = idle == lookAhead ? <f64>lookAhead : sum + (gain - load<f64>(oldest));
    store<f64>(oldest, gain);
    store<f32>(gains, <f32>(sum * share));
    if (++slot == lookAhead) {
      let smallest: f32 = 1;
      for (let k = at + 4; k > 0; k -= 4) {
        smallest = min<f32>(smallest, load<f32>(stretch + k - 4));
        store<f32>(before + k - 4, smallest);
      }
      slot = 0;
      least = 1;
    }
    gains += 4;
  } while (gains < end);
  store<i32>(state, slot, LIMITER_SLOT);
  store<f32>(state, least, LIMITER_LEAST);
  store<i32>(state, min<i32>(idle, 1 << 30), LIMITER_IDLE);
  store<f64>(state, gain, LIMITER_GAIN);
  store<f64>(state, sum, LIMITER_SUM);
}

/** Puts a channel's past with the applied gains in the place of its signal, and keeps the newest frames for the next block. */
function apply(state: usize, line: usize, signal: usize, frames: i32, gains: usize): void {
  const past = <usize>load<i32>(state, LIMITER_PAST) << 2;
  const delayed = line + past - (<usize>load<i32>(state, LIMITER_DELAY) << 2);
  const vectors = <usize>(frames & ~3) << 2;
  const end = <usize>frames << 2;
  if (gains == 0) {
    memory.copy(signal, delayed, end);
  } else {
    let at: usize = 0;
    for (; at < vectors; at += 16) v128.store(signal + at, f32x4.mul(v128.load(gains + at), v128.load(delayed + at)));
    for (; at < end; at += 4) store<f32>(signal + at, load<f32>(gains + at) * load<f32>(delayed + at));
  }
  memory.copy(line, line + end, past);
}

/** Limits `frames` frames in place; the output is late by the limiter's delay. `right` is of no account for mono. */
export function limit(state: usize, left: usize, right: usize, frames: i32): void {
  if (frames <= 0) return;
  const past = <usize>load<i32>(state, LIMITER_PAST) << 2;
  const lineLeft = <usize>load<i32>(state, LIMITER_LEFT);
  const lineRight = <usize>load<i32>(state, LIMITER_RIGHT);
  memory.copy(lineLeft + past, left, <usize>frames << 2);
  if (lineRight) memory.copy(lineRight + past, right, <usize>frames << 2);
  const any = want(state, lineLeft + past, lineRight ? lineRight + past : 0, frames);
  let gains = <usize>load<i32>(state, LIMITER_WANTED);
  if (!any && load<i32>(state, LIMITER_IDLE) > load<i32>(state, LIMITER_LOOK_AHEAD)) {
    // Nothing to do, and nothing left from before.
    const lookAhead = load<i32>(state, LIMITER_LOOK_AHEAD);
    const before = <usize>load<i32>(state, LIMITER_BEFORE);
    for (let at: usize = 0; at < <usize>lookAhead << 2; at += 4) store<f32>(before + at, 1);
    store<i32>(state, 0, LIMITER_SLOT);
    store<f32>(state, 1, LIMITER_LEAST);
    gains = 0;
  } else {
    smooth(state, frames);
  }
  apply(state, lineLeft, left, frames, gains);
  if (lineRight) apply(state, lineRight, right, frames, gains);
}
