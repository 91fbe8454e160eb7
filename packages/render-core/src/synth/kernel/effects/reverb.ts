import {
  DIFFUSER_COUNT, LINE_COUNT, NETWORK_CHUNK, NETWORK_CROSS, NETWORK_DAMPING, NETWORK_DIFFUSERS, NETWORK_DIRECT,
  NETWORK_GAINS, NETWORK_LINES, NETWORK_QUIET, NETWORK_REST, NETWORK_STAGE_BYTES, NETWORK_STATES, NETWORK_WORK, RING_BYTES,
} from '../../effects-layout';
import { addVector } from './add-vector';
import { empty, enter, leave } from './ring';
import { isSilent } from './silence';

/** -300 dB: silence, while still far from numbers that are too small to compute with quickly. */
const SILENCE: f32 = 1e-15;
const DIFFUSION: f32 = 0.6;

/** Schroeder's all-pass: smears the input in time without colouring it. */
function diffuse(ring: usize, stage: usize, signal: usize, frames: i32): void {
  const line = enter(ring, stage, frames);
  const g = f32x4.splat(DIFFUSION);
  const bytes = <usize>frames << 2;
  let at: usize = 0;
  do {
    const old = v128.load(line + at);
    const fresh = f32x4.add(v128.load(signal + at), f32x4.mul(g, old));
    v128.store(line + at, fresh);
    v128.store(signal + at, f32x4.sub(old, f32x4.mul(g, fresh)));
    at += 16;
  } while (at < bytes);
  leave(ring, stage, line, frames);
}

// @ts-ignore: decorator
@inline
function stageOf(state: usize, line: usize): usize {
  return <usize>load<i32>(state, NETWORK_WORK) + (line + 1) * NETWORK_STAGE_BYTES;
}

// @ts-ignore: decorator
@inline
function ringOf(state: usize, line: usize): usize {
  return state + NETWORK_LINES + line * RING_BYTES;
}

// @ts-ignore: decorator
@inline
function enterLine(state: usize, line: usize, frames: i32): usize {
  return enter(ringOf(state, line), stageOf(state, line), frames);
}

// @ts-ignore: decorator
@inline
function leaveLine(state: usize, line: usize, shown: usize, frames: i32): void {
  leave(ringOf(state, line), stageOf(state, line), shown, frames);
}

/**
 * One chunk of a feedback delay network: eight damped lines that feed each other through a Householder matrix. Four frames at a time are read
 * from four lines each and turned so that the lanes are lines: the one-pole low passes of all lines then run side by side.
 */
function chunk(state: usize, input: usize, left: usize, right: usize, frames: i32): void {
  const p0 = enterLine(state, 0, frames);
  const p1 = enterLine(state, 1, frames);
  const p2 = enterLine(state, 2, frames);
  const p3 = enterLine(state, 3, frames);
  const p4 = enterLine(state, 4, frames);
  const p5 = enterLine(state, 5, frames);
  const p6 = enterLine(state, 6, frames);
  const p7 = enterLine(state, 7, frames);
  const pole = f32x4.splat(load<f32>(state, NETWORK_DAMPING));
  const feed = f32x4.sub(f32x4.splat(1), pole);
  const gainA = v128.load(state, NETWORK_GAINS);
  const gainB = v128.load(state, NETWORK_GAINS + 16);
  const direct = f32x4.splat(load<f32>(state, NETWORK_DIRECT));
  const cross = f32x4.splat(load<f32>(state, NETWORK_CROSS));
  const quarter = f32x4.splat(0.25);
  let a = v128.load(state, NETWORK_STATES);
  let b = v128.load(state, NETWORK_STATES + 16);
  let at: usize = 0;
  let rest = frames;
  do {
    let x0 = v128.load(p0 + at);
    let x1 = v128.load(p1 + at);
    let x2 = v128.load(p2 + at);
    let x3 = v128.load(p3 + at);
    let t0 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    let t1 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    let t2 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    let t3 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    const a0 = f32x4.add(f32x4.mul(feed, v128.shuffle<f64>(t0, t2, 0, 2)), f32x4.mul(pole, a));
    const a1 = f32x4.add(f32x4.mul(feed, v128.shuffle<f64>(t0, t2, 1, 3)), f32x4.mul(pole, a0));
    const a2 = f32x4.add(f32x4.mul(feed, v128.shuffle<f64>(t1, t3, 0, 2)), f32x4.mul(pole, a1));
    const a3 = f32x4.add(f32x4.mul(feed, v128.shuffle<f64>(t1, t3, 1, 3)), f32x4.mul(pole, a2));
    x0 = v128.load(p4 + at);
    x1 = v128.load(p5 + at);
    x2 = v128.load(p6 + at);
    x3 = v128.load(p7 + at);
    t0 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    t1 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    t2 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    t3 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    const b0 = f32x4.add(f32x4.mul(feed, v128.shuffle<f64>(t0, t2, 0, 2)), f32x4.mul(pole, b));
    const b1 = f32x4.add(f32x4.mul(feed, v128.shuffle<f64>(t0, t2, 1, 3)), f32x4.mul(pole, b0));
    const b2 = f32x4.add(f32x4.mul(feed, v128.shuffle<f64>(t1, t3, 0, 2)), f32x4.mul(pole, b1));
    const b3 = f32x4.add(f32x4.mul(feed, v128.shuffle<f64>(t1, t3, 1, 3)), f32x4.mul(pole, b2));
    a = rest >= 4 ? a3 : rest == 3 ? a2 : rest == 2 ? a1 : a0;
    b = rest >= 4 ? b3 : rest == 3 ? b2 : rest == 2 ? b1 : b0;
    x0 = f32x4.mul(gainA, a0);
    x1 = f32x4.mul(gainA, a1);
    x2 = f32x4.mul(gainA, a2);
    x3 = f32x4.mul(gainA, a3);
    t0 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    t1 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    t2 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    t3 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    const y0 = v128.shuffle<f64>(t0, t2, 0, 2);
    const y1 = v128.shuffle<f64>(t0, t2, 1, 3);
    const y2 = v128.shuffle<f64>(t1, t3, 0, 2);
    const y3 = v128.shuffle<f64>(t1, t3, 1, 3);
    x0 = f32x4.mul(gainB, b0);
    x1 = f32x4.mul(gainB, b1);
    x2 = f32x4.mul(gainB, b2);
    x3 = f32x4.mul(gainB, b3);
    t0 = v128.shuffle<f32>(x0, x1, 0, 4, 1, 5);
    t1 = v128.shuffle<f32>(x0, x1, 2, 6, 3, 7);
    t2 = v128.shuffle<f32>(x2, x3, 0, 4, 1, 5);
    t3 = v128.shuffle<f32>(x2, x3, 2, 6, 3, 7);
    const y4 = v128.shuffle<f64>(t0, t2, 0, 2);
    const y5 = v128.shuffle<f64>(t0, t2, 1, 3);
    const y6 = v128.shuffle<f64>(t1, t3, 0, 2);
    const y7 = v128.shuffle<f64>(t1, t3, 1, 3);
    const even = f32x4.add(f32x4.add(y0, y2), f32x4.add(y4, y6));
    const odd = f32x4.add(f32x4.add(y1, y3), f32x4.add(y5, y7));
    const fed = f32x4.sub(v128.load(input + at), f32x4.mul(quarter, f32x4.add(even, odd)));
    v128.store(p0 + at, f32x4.add(fed, y0));
    v128.store(p1 + at, f32x4.add(fed, y1));
    v128.store(p2 + at, f32x4.add(fed, y2));
    v128.store(p3 + at, f32x4.add(fed, y3));
    v128.store(p4 + at, f32x4.add(fed, y4));
    v128.store(p5 + at, f32x4.add(fed, y5));
    v128.store(p6 + at, f32x4.add(fed, y6));
    v128.store(p7 + at, f32x4.add(fed, y7));
    // Both sides hear four lines each, with signs that cancel the sum.
    const l = f32x4.sub(f32x4.add(y0, y4), f32x4.add(y2, y6));
    const r = f32x4.sub(f32x4.add(y1, y7), f32x4.add(y3, y5));
    addVector(left + at, f32x4.add(f32x4.mul(direct, l), f32x4.mul(cross, r)), rest);
    addVector(right + at, f32x4.add(f32x4.mul(direct, r), f32x4.mul(cross, l)), rest);
    at += 16;
    rest -= 4;
  } while (rest > 0);
  v128.store(state, a, NETWORK_STATES);
  v128.store(state, b, NETWORK_STATES + 16);
  leaveLine(state, 0, p0, frames);
  leaveLine(state, 1, p1, frames);
  leaveLine(state, 2, p2, frames);
  leaveLine(state, 3, p3, frames);
  leaveLine(state, 4, p4, frames);
  leaveLine(state, 5, p5, frames);
  leaveLine(state, 6, p6, frames);
  leaveLine(state, 7, p7, frames);
}

/** True while one of the lines' low passes can be heard. */
function sounds(state: usize): bool {
  const loudest = f32x4.pmax(f32x4.abs(v128.load(state, NETWORK_STATES)), f32x4.abs(v128.load(state, NETWORK_STATES + 16)));
  return v128.any_true(f32x4.ge(loudest, f32x4.splat(SILENCE)));
}

/** Adds the reverb of `frames` frames of mono input to left and right. Once it has died away it rests. */
export function reverb(state: usize, input: usize, left: usize, right: usize, frames: i32): void {
  const work = <usize>load<i32>(state, NETWORK_WORK);
  const most = load<i32>(state, NETWORK_CHUNK);
  while (frames > 0) {
    const count = min<i32>(frames, most);
    const quiet = load<i32>(state, NETWORK_QUIET);
    const silent = isSilent(input, count);
    if (!silent || quiet < NETWORK_REST) {
      for (let at: usize = 0; at < <usize>count << 2; at += 16) v128.store(work + at, v128.load(input + at));
      for (let i: usize = 0; i < <usize>DIFFUSER_COUNT; i++)
        diffuse(state + NETWORK_DIFFUSERS + i * RING_BYTES, stageOf(state, 0), work, count);
      chunk(state, work, left, right, count);
      store<i32>(state, silent && !sounds(state) ? quiet + count : 0, NETWORK_QUIET);
      if (load<i32>(state, NETWORK_QUIET) >= NETWORK_REST) rest(state);
    }
    input += <usize>count << 2;
    left += <usize>count << 2;
    right += <usize>count << 2;
    frames -= count;
  }
}

function rest(state: usize): void {
  for (let i: usize = 0; i < <usize>LINE_COUNT; i++) empty(ringOf(state, i));
  for (let i: usize = 0; i < <usize>DIFFUSER_COUNT; i++) empty(state + NETWORK_DIFFUSERS + i * RING_BYTES);
  v128.store(state, f32x4.splat(0), NETWORK_STATES);
  v128.store(state, f32x4.splat(0), NETWORK_STATES + 16);
}
