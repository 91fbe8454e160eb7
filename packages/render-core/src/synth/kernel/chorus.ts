import {
  CHORUS_DEPTH, CHORUS_GAIN, CHORUS_LENGTH, CHORUS_LINE, CHORUS_MIDDLE, CHORUS_PHASE, CHORUS_STEP, CHORUS_TRAVEL, EFFECT_CHUNK,
  LINE_TRAVEL,
} from '../effects-layout';

/** Sine of a phase in cycles, by a parabola and its correction (error below 0.001: a delay of a few samples moves with it). */
function sine(phase: f32): f32 {
  const x: f32 = <f32>2.0 * (phase - floor<f32>(phase)) - <f32>1.0;
  const parabola: f32 = <f32>-4.0 * x * (<f32>1.0 - abs<f32>(x));
  return parabola * (<f32>0.775 + <f32>0.225 * abs<f32>(parabola));
}

/** Adds one delayed copy to an output; the delay moves from one value to another, in frames. */
// @ts-ignore: decorator
@inline
function tap(now: usize, out: usize, frames: i32, from: f32, to: f32, gain: f32): void {
  const slope: f32 = (to - from) / <f32>frames;
  const ramp = f32x4.mul(f32x4.splat(slope), f32x4(0, 1, 2, 3));
  const g = f32x4.splat(gain);
  let delay = from;
  const vectors = frames & ~3;
  let i: i32 = 0;
  for (; i < vectors; i += 4) {
    // Frame i - delay lies between two frames of the line; all four share the whole part of the first.
    const whole = <i32>ceil<f32>(delay);
    const at = now + (<usize>(i - whole) << 2);
    const fraction = f32x4.sub(f32x4.splat(<f32>whole - delay), ramp);
    const a = v128.load(at);
    const s = f32x4.add(a, f32x4.mul(fraction, f32x4.sub(v128.load(at + 4), a)));
    v128.store(out + (<usize>i << 2), f32x4.add(v128.load(out + (<usize>i << 2)), f32x4.mul(g, s)));
    delay += slope * 4;
  }
  for (; i < frames; i++) {
    const whole = <i32>ceil<f32>(delay);
    const at = now + (<usize>(i - whole) << 2);
    const a = load<f32>(at);
    const s: f32 = a + (<f32>whole - delay) * (load<f32>(at + 4) - a);
    store<f32>(out + (<usize>i << 2), load<f32>(out + (<usize>i << 2)) + gain * s);
    delay += slope;
  }
}

/** Three copies of the input, a third of a cycle apart: one left, one right, one in both. */
export function chorus(state: usize, input: usize, left: usize, right: usize, frames: i32): void {
  const line = <usize>load<i32>(state, CHORUS_LINE);
  const length = <usize>load<i32>(state, CHORUS_LENGTH);
  const middle = load<f32>(state, CHORUS_MIDDLE);
  const depth = load<f32>(state, CHORUS_DEPTH);
  const step = load<f32>(state, CHORUS_STEP);
  const gain = load<f32>(state, CHORUS_GAIN);
  const half: f32 = gain * <f32>0.7071068;
  while (frames > 0) {
    const travel = load<i32>(state, CHORUS_TRAVEL);
    const count = min<i32>(min<i32>(frames, EFFECT_CHUNK - (travel & (EFFECT_CHUNK - 1))), LINE_TRAVEL - travel);
    const now = line + ((length + travel) << 2);
    memory.copy(now, input, <usize>count << 2);
    const phase = load<f32>(state, CHORUS_PHASE);
    const next: f32 = phase + step * <f32>count;
    const third: f32 = 1.0 / 3.0;
    tap(now, left, count, middle + depth * sine(phase), middle + depth * sine(next), gain);
    tap(now, right, count, middle + depth * sine(phase + third), middle + depth * sine(next + third), gain);
    const from: f32 = middle + depth * sine(phase + 2 * third);
    const to: f32 = middle + depth * sine(next + 2 * third);
    tap(now, left, count, from, to, half);
    tap(now, right, count, from, to, half);
    store<f32>(state, next - floor<f32>(next), CHORUS_PHASE);
    input += <usize>count << 2;
    left += <usize>count << 2;
    right += <usize>count << 2;
    frames -= count;
    store<i32>(state, travel + count, CHORUS_TRAVEL);
    if (travel + count == LINE_TRAVEL) {
      memory.copy(line, line + LINE_TRAVEL * 4, length << 2);
      store<i32>(state, 0, CHORUS_TRAVEL);
    }
  }
}
