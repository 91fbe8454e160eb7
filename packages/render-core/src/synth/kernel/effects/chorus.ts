import {
  CHORUS_DEPTH, CHORUS_GAIN, CHORUS_LENGTH, CHORUS_LINE, CHORUS_MIDDLE, CHORUS_MOST_TRAVEL, CHORUS_PHASE, CHORUS_QUIET, CHORUS_STEP,
  CHORUS_TRAVEL, EFFECT_CHUNK,
} from '../../effects-layout';
import { addVector } from './add-vector';
import { isSilent } from './silence';

/** Sine of a phase in cycles, by a parabola and its correction (error below 0.001: a delay of a few samples moves with it). */
function sine(phase: f32): f32 {
  const x: f32 = <f32>2.0 * (phase - floor<f32>(phase)) - <f32>1.0;
  const parabola: f32 = <f32>-4.0 * x * (<f32>1.0 - abs<f32>(x));
  return parabola * (<f32>0.775 + <f32>0.225 * abs<f32>(parabola));
}

/** Four frames of the line, the first of them `delay` frames before `now`; the delay grows by `ramp` from lane to lane. */
// @ts-ignore: decorator
@inline
function delayed(now: usize, delay: f32, ramp: v128): v128 {
  // Every frame lies between two of the line; all four share the whole part of the first.
  const whole = ceil<f32>(delay);
  const at = now - (<usize>(<i32>whole) << 2);
  const fraction = f32x4.sub(f32x4.splat(whole - delay), ramp);
  const a = v128.load(at);
  return f32x4.add(a, f32x4.mul(fraction, f32x4.sub(v128.load(at, 4), a)));
}

/** Three delayed copies whose delays run straight from one value to another: the first left, the second right, the third in both. */
function addCopies(now: usize, left: usize, right: usize, frames: i32, from: v128, to: v128, gain: f32): void {
  const slopes = f32x4.mul(f32x4.sub(to, from), f32x4.splat(<f32>1.0 / <f32>frames));
  const lanes = f32x4(0, 1, 2, 3);
  const ramp0 = f32x4.mul(lanes, v128.shuffle<f32>(slopes, slopes, 0, 0, 0, 0));
  const ramp1 = f32x4.mul(lanes, v128.shuffle<f32>(slopes, slopes, 1, 1, 1, 1));
  const ramp2 = f32x4.mul(lanes, v128.shuffle<f32>(slopes, slopes, 2, 2, 2, 2));
  const steps = f32x4.mul(slopes, f32x4.splat(4));
  const own = f32x4.splat(gain);
  const half = f32x4.splat(gain * <f32>0.7071068);
  let delays = from;
  do {
    const both = f32x4.mul(half, delayed(now, f32x4.extract_lane(delays, 2), ramp2));
    const l = f32x4.add(f32x4.mul(own, delayed(now, f32x4.extract_lane(delays, 0), ramp0)), both);
    const r = f32x4.add(f32x4.mul(own, delayed(now, f32x4.extract_lane(delays, 1), ramp1)), both);
    delays = f32x4.add(delays, steps);
    addVector(left, l, frames);
    addVector(right, r, frames);
    now += 16;
    left += 16;
    right += 16;
    frames -= 4;
  } while (frames > 0);
}

/** Delays of the three copies, a third of a cycle apart. */
// @ts-ignore: decorator
@inline
function delaysAt(phase: f32, middle: f32, depth: f32): v128 {
  const third: f32 = 1.0 / 3.0;
  return f32x4(
    middle + depth * sine(phase),
    middle + depth * sine(phase + third),
    middle + depth * sine(phase + 2 * third),
    0,
  );
}

/** Adds the chorus of `frames` frames of mono input to left and right; it costs nothing while there is nothing in its line. */
export function chorus(state: usize, input: usize, left: usize, right: usize, frames: i32): void {
  const line = <usize>load<i32>(state, CHORUS_LINE);
  const length = load<i32>(state, CHORUS_LENGTH);
  const middle = load<f32>(state, CHORUS_MIDDLE);
  const depth = load<f32>(state, CHORUS_DEPTH);
  const step = load<f32>(state, CHORUS_STEP);
  const gain = load<f32>(state, CHORUS_GAIN);
  while (frames > 0) {
    const travel = load<i32>(state, CHORUS_TRAVEL);
    const count = min<i32>(min<i32>(frames, EFFECT_CHUNK - (travel & (EFFECT_CHUNK - 1))), CHORUS_MOST_TRAVEL - travel);
    const now = line + (<usize>(length + travel) << 2);
    memory.copy(now, input, <usize>count << 2);
    const quiet = isSilent(input, count) ? load<i32>(state, CHORUS_QUIET) + count : 0;
    store<i32>(state, min<i32>(quiet, 1 << 20), CHORUS_QUIET);
    const phase = load<f32>(state, CHORUS_PHASE);
    const next: f32 = phase + step * <f32>count;
    if (quiet < length)
      addCopies(now, left, right, count, delaysAt(phase, middle, depth), delaysAt(next, middle, depth), gain);
    store<f32>(state, next - floor<f32>(next), CHORUS_PHASE);
    input += <usize>count << 2;
    left += <usize>count << 2;
    right += <usize>count << 2;
    frames -= count;
    store<i32>(state, travel + count, CHORUS_TRAVEL);
    if (travel + count == CHORUS_MOST_TRAVEL) {
      memory.copy(line, line + CHORUS_MOST_TRAVEL * 4, <usize>length << 2);
      store<i32>(state, 0, CHORUS_TRAVEL);
    }
  }
}
