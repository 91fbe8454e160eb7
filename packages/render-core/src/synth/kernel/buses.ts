import { ACCUMULATOR_STRIDE } from '../voice-layout';
import { firstFour, nextFour, slopeOf } from './gain-line';

/** The accumulators that a voice plays into: those whose gain is not 0. Zones of stereo samples are panned to one side. */
let count: i32 = 0;
let bus0: usize = 0;
let bus1: usize = 0;
let bus2: usize = 0;
let bus3: usize = 0;
let gain0: f32 = 0;
let gain1: f32 = 0;
let gain2: f32 = 0;
let gain3: f32 = 0;

function use(bus: usize, gain: f32): void {
  if (gain == 0) return;
  if (count == 0) {
    bus0 = bus;
    gain0 = gain;
  } else if (count == 1) {
    bus1 = bus;
    gain1 = gain;
  } else if (count == 2) {
    bus2 = bus;
    gain2 = gain;
  } else {
    bus3 = bus;
    gain3 = gain;
  }
  count++;
}

/** Chooses where {@link addSteady} and {@link addLines} add to: a part's accumulators, with these four gains. */
export function useBuses(accumulators: usize, gains: v128): void {
  count = 0;
  use(accumulators, f32x4.extract_lane(gains, 0));
  use(accumulators + ACCUMULATOR_STRIDE, f32x4.extract_lane(gains, 1));
  use(accumulators + 2 * ACCUMULATOR_STRIDE, f32x4.extract_lane(gains, 2));
  use(accumulators + 3 * ACCUMULATOR_STRIDE, f32x4.extract_lane(gains, 3));
}

// @ts-ignore: decorator
@inline
function addVector(out: usize, signal: v128, gain: v128): void {
  v128.store(out, f32x4.add(v128.load(out), f32x4.mul(signal, gain)));
}

// @ts-ignore: decorator
@inline
function steady(buses: i32, offset: usize, from: usize, bytes: usize): void {
  const g0 = f32x4.splat(gain0);
  const g1 = f32x4.splat(gain1);
  const g2 = f32x4.splat(gain2);
  const g3 = f32x4.splat(gain3);
  const a = bus0 + offset;
  const b = bus1 + offset;
  const c = bus2 + offset;
  const d = bus3 + offset;
  let at: usize = 0;
  do {
    const s = v128.load(from + at);
    addVector(a + at, s, g0);
    if (buses > 1) addVector(b + at, s, g1);
    if (buses > 2) addVector(c + at, s, g2);
    if (buses > 3) addVector(d + at, s, g3);
    at += 16;
  } while (at < bytes);
}

/** Adds a signal at an offset in bytes from the start of the batch; whole vectors. */
export function addSteady(offset: usize, from: usize, bytes: usize): void {
  if (bytes == 0) return;
  if (count == 2) steady(2, offset, from, bytes);
  else if (count == 3) steady(3, offset, from, bytes);
  else if (count == 1) steady(1, offset, from, bytes);
  else if (count == 4) steady(4, offset, from, bytes);
}

// @ts-ignore: decorator
@inline
function lines(buses: i32, offset: usize, from: usize, gains: usize, periods: i32): void {
  const g0 = f32x4.splat(gain0);
  const g1 = f32x4.splat(gain1);
  const g2 = f32x4.splat(gain2);
  const g3 = f32x4.splat(gain3);
  const a = bus0 + offset;
  const b = bus1 + offset;
  const c = bus2 + offset;
  const d = bus3 + offset;
  const last = gains + (<usize>periods << 2);
  let at: usize = 0;
  do {
    const gain = load<f32>(gains);
    const slope = slopeOf(gain, load<f32>(gains, 4));
    const rise = f32x4.splat(slope * 8);
    let level = firstFour(gain, slope);
    let next = nextFour(gain, slope);
    const end = at + 256;
    do {
      const s = f32x4.mul(level, v128.load(from + at));
      const t = f32x4.mul(next, v128.load(from + at, 16));
      addVector(a + at, s, g0);
      addVector(a + at + 16, t, g0);
      if (buses > 1) {
        addVector(b + at, s, g1);
        addVector(b + at + 16, t, g1);
      }
      if (buses > 2) {
        addVector(c + at, s, g2);
        addVector(c + at + 16, t, g2);
      }
      if (buses > 3) {
        addVector(d + at, s, g3);
        addVector(d + at + 16, t, g3);
      }
      level = f32x4.add(level, rise);
      next = f32x4.add(next, rise);
      at += 32;
    } while (at < end);
    gains += 4;
  } while (gains < last);
}

/** Adds periods of sound times an envelope that runs straight from each of the `gains` to the next, of which there is one more. */
export function addLines(offset: usize, from: usize, gains: usize, periods: i32): void {
  if (count == 2) lines(2, offset, from, gains, periods);
  else if (count == 3) lines(3, offset, from, gains, periods);
  else if (count == 1) lines(1, offset, from, gains, periods);
  else if (count == 4) lines(4, offset, from, gains, periods);
}
