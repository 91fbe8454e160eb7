import {
  DIFFUSER_BYTES, DIFFUSER_COUNT, EFFECT_CHUNK, LINE_BYTES, LINE_COUNT, LINE_TRAVEL, REVERB_CROSS, REVERB_DAMPING,
  REVERB_DIFFUSERS, REVERB_DIRECT, REVERB_LINES, REVERB_QUIET, REVERB_REST, REVERB_TRAVEL,
  REVERB_WORK,
} from '../effects-layout';

/** Distance of the work space's chunks; a chunk may be written 3 frames past its end. */
const STRIDE: usize = EFFECT_CHUNK * 4 + 16;
/** -300 dB: silence, while still far from numbers that are too small to compute with quickly. */
const SILENCE: f32 = 1e-15;
const DIFFUSION: f32 = 0.6;

/** Schroeder's all-pass: smears the input in time without colouring it. */
function diffuse(line: usize, delay: usize, signal: usize, bytes: usize): void {
  const g = f32x4.splat(DIFFUSION);
  for (let at: usize = 0; at < bytes; at += 16) {
    const old = v128.load(line + at);
    const fresh = f32x4.add(v128.load(signal + at), f32x4.mul(g, old));
    v128.store(line + at + delay, fresh);
    v128.store(signal + at, f32x4.sub(old, f32x4.mul(g, fresh)));
  }
}

/** One-pole low pass, four frames at once (as in low-pass-filter.ts), times the gain of the line. Returns the new state. */
function damp(from: usize, out: usize, bytes: usize, frames: i32, p: f32, gain: f32, state: f32): f32 {
  const feed = f32x4.splat(1 - p);
  const p1 = f32x4.splat(p);
  const p2 = f32x4.splat(p * p);
  const p3 = f32x4.splat(p * p * p);
  const fromState = f32x4(p, p * p, p * p * p, p * p * p * p);
  const zero = f32x4.splat(0);
  const g = f32x4.splat(gain);
  let y = f32x4.splat(state);
  for (let at: usize = 0; at < bytes; at += 16) {
    const f = f32x4.mul(feed, v128.load(from + at));
    const f1 = v128.shuffle<f32>(zero, f, 3, 4, 5, 6);
    const f2 = v128.shuffle<f32>(zero, f, 2, 3, 4, 5);
    const f3 = v128.shuffle<f32>(zero, f, 1, 2, 3, 4);
    const fresh = f32x4.add(f32x4.add(f, f32x4.mul(p1, f1)), f32x4.add(f32x4.mul(p2, f2), f32x4.mul(p3, f3)));
    y = f32x4.add(fresh, f32x4.mul(fromState, v128.shuffle<f32>(y, y, 3, 3, 3, 3)));
    v128.store(out + at, y);
  }
  const last = load<f32>(out + (<usize>(frames - 1) << 2));
  for (let at: usize = 0; at < bytes; at += 16) v128.store(out + at, f32x4.mul(g, v128.load(out + at)));
  return last;
}

/** One chunk of a feedback delay network: eight damped lines that feed each other through a Householder matrix. Returns how loud they are. */
function chunk(state: usize, input: usize, left: usize, right: usize, frames: i32): f32 {
  const work = <usize>load<i32>(state, REVERB_WORK);
  const travel = <usize>load<i32>(state, REVERB_TRAVEL) << 2;
  const bytes = <usize>((frames + 3) & ~3) << 2;
  memory.copy(work, input, <usize>frames << 2);
  for (let i: usize = 0; i < <usize>DIFFUSER_COUNT; i++) {
    const diffuser = state + REVERB_DIFFUSERS + i * DIFFUSER_BYTES;
    diffuse(<usize>load<i32>(diffuser) + travel, <usize>load<i32>(diffuser + 4) << 2, work, bytes);
  }
  const p = load<f32>(state, REVERB_DAMPING);
  let loudest: f32 = 0;
  for (let i: usize = 0; i < <usize>LINE_COUNT; i++) {
    const line = state + REVERB_LINES + i * LINE_BYTES;
    const last = damp(<usize>load<i32>(line) + travel, work + (i + 1) * STRIDE, bytes, frames, p, load<f32>(line + 8), load<f32>(line + 12));
    store<f32>(line + 12, last);
    loudest = max<f32>(loudest, abs<f32>(last));
  }
  const direct = f32x4.splat(load<f32>(state, REVERB_DIRECT));
  const cross = f32x4.splat(load<f32>(state, REVERB_CROSS));
  const quarter = f32x4.splat(0.25);
  for (let at: usize = 0; at < bytes; at += 16) {
    const y = work + STRIDE + at;
    const l0 = v128.load(y);
    const r0 = v128.load(y + STRIDE);
    const l1 = v128.load(y + 2 * STRIDE);
    const r1 = v128.load(y + 3 * STRIDE);
    const l2 = v128.load(y + 4 * STRIDE);
    const r2 = v128.load(y + 5 * STRIDE);
    const l3 = v128.load(y + 6 * STRIDE);
    const r3 = v128.load(y + 7 * STRIDE);
    const sum = f32x4.add(f32x4.add(f32x4.add(l0, l1), f32x4.add(l2, l3)), f32x4.add(f32x4.add(r0, r1), f32x4.add(r2, r3)));
    v128.store(work + at, f32x4.sub(v128.load(work + at), f32x4.mul(quarter, sum)));
    // Both sides hear four lines each, with signs that cancel the sum.
    const l = f32x4.sub(f32x4.add(l0, l2), f32x4.add(l1, l3));
    const r = f32x4.sub(f32x4.add(r0, r3), f32x4.add(r1, r2));
    const wetLeft = f32x4.add(f32x4.mul(direct, l), f32x4.mul(cross, r));
    const wetRight = f32x4.add(f32x4.mul(direct, r), f32x4.mul(cross, l));
    if (at + 16 <= <usize>frames << 2) {
      v128.store(left + at, f32x4.add(v128.load(left + at), wetLeft));
      v128.store(right + at, f32x4.add(v128.load(right + at), wetRight));
    } else {
      addLanes(left + at, wetLeft, frames & 3);
      addLanes(right + at, wetRight, frames & 3);
    }
  }
  for (let i: usize = 0; i < <usize>LINE_COUNT; i++) {
    const line = state + REVERB_LINES + i * LINE_BYTES;
    const to = <usize>load<i32>(line) + travel + (<usize>load<i32>(line + 4) << 2);
    const from = work + (i + 1) * STRIDE;
    for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, f32x4.add(v128.load(work + at), v128.load(from + at)));
  }
  return loudest;
}

function addLanes(out: usize, v: v128, count: i32): void {
  store<f32>(out, load<f32>(out) + f32x4.extract_lane(v, 0));
  if (count > 1) store<f32>(out, load<f32>(out, 4) + f32x4.extract_lane(v, 1), 4);
  if (count > 2) store<f32>(out, load<f32>(out, 8) + f32x4.extract_lane(v, 2), 8);
}

function isSilent(input: usize, frames: i32): bool {
  const end = input + (<usize>frames << 2);
  for (; input < end; input += 4) if (load<f32>(input) != 0) return false;
  return true;
}

/** Adds the reverb of `frames` frames of mono input to left and right, at most `most` frames at a time. Once it has died away it rests. */
export function reverb(state: usize, input: usize, left: usize, right: usize, frames: i32, most: i32): void {
  while (frames > 0) {
    const travel = load<i32>(state, REVERB_TRAVEL);
    const count = min<i32>(min<i32>(frames, most), LINE_TRAVEL - travel);
    const quiet = load<i32>(state, REVERB_QUIET);
    const silent = isSilent(input, count);
    if (!silent || quiet < REVERB_REST) {
      const loudest = chunk(state, input, left, right, count);
      store<i32>(state, travel + count, REVERB_TRAVEL);
      store<i32>(state, silent && loudest < SILENCE ? quiet + count : 0, REVERB_QUIET);
      if (travel + count == LINE_TRAVEL) shiftBack(state);
      if (load<i32>(state, REVERB_QUIET) >= REVERB_REST) rest(state);
    }
    input += <usize>count << 2;
    left += <usize>count << 2;
    right += <usize>count << 2;
    frames -= count;
  }
}

function rest(state: usize): void {
  for (let i: usize = 0; i < <usize>LINE_COUNT; i++) {
    const line = state + REVERB_LINES + i * LINE_BYTES;
    memory.fill(<usize>load<i32>(line), 0, <usize>(load<i32>(line + 4) + LINE_TRAVEL) << 2);
    store<f32>(line + 12, 0);
  }
  for (let i: usize = 0; i < <usize>DIFFUSER_COUNT; i++) {
    const diffuser = state + REVERB_DIFFUSERS + i * DIFFUSER_BYTES;
    memory.fill(<usize>load<i32>(diffuser), 0, <usize>(load<i32>(diffuser + 4) + LINE_TRAVEL) << 2);
  }
}

function shiftBack(state: usize): void {
  store<i32>(state, 0, REVERB_TRAVEL);
  for (let i: usize = 0; i < <usize>LINE_COUNT; i++) {
    const line = state + REVERB_LINES + i * LINE_BYTES;
    const at = <usize>load<i32>(line);
    memory.copy(at, at + LINE_TRAVEL * 4, <usize>load<i32>(line + 4) << 2);
  }
  for (let i: usize = 0; i < <usize>DIFFUSER_COUNT; i++) {
    const diffuser = state + REVERB_DIFFUSERS + i * DIFFUSER_BYTES;
    const at = <usize>load<i32>(diffuser);
    memory.copy(at, at + LINE_TRAVEL * 4, <usize>load<i32>(diffuser + 4) << 2);
  }
}
