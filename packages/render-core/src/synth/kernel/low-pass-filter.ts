import {
  FILTER_A1, FILTER_A2, FILTER_B0, FILTER_CUTOFF, FILTER_GAIN, FILTER_X1, FILTER_X2, FILTER_Y1, FILTER_Y2,
  HALF_INVERSE_Q,
} from '../voice-layout';
import { exp2 } from './exponential';
import { gains, highestCutoff, radiansPerFrame, samples } from './tables';

/** Lowest cutoff that is computed: 1500 cents, 19.4 Hz (SF2.04 8.1.3, generator 8). */
const LOWEST: f32 = 1.25;
/** Below this many octaves above 8.176 Hz (about 330 Hz at 44.1 kHz) single precision is too coarse for a recursion. */
const FINE: f64 = 0.047;

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

/** Coefficients of a second-order low pass (bilinear transform of the analogue prototype) at a cutoff in octaves above 8.176 Hz. */
export function tune(voice: usize, wanted: f32): void {
  const cutoff = min<f32>(max<f32>(wanted, LOWEST), highestCutoff);
  if (cutoff == load<f32>(voice, FILTER_CUTOFF)) return;
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

/** True when the recursion needs double precision at the voice's cutoff. */
// @ts-ignore: decorator
@inline
function isLow(cutoff: f32): bool {
  return radiansPerFrame * exp2(<f64>cutoff) < FINE;
}

/**
 * Filters `count` frames (a multiple of 4) from the sample work space on, applies the gains and writes them to `out`.
 *
 * Four frames are computed at once: y = f + a triangle of the impulse response times f + the response to the last two
 * outputs, where f is the part that does not recur. That is the same recursion, unrolled, so a voice needs no others beside it.
 */
function filterVectors(voice: usize, at: usize, count: i32, out: usize, b0: f32, a1: f32, a2: f32): void {
  const h1: f32 = -a1;
  const h2: f32 = -a1 * h1 - a2;
  const h3: f32 = -a1 * h2 - a2 * h1;
  const h4: f32 = -a1 * h3 - a2 * h2;
  const gain = f32x4.splat(b0);
  const t1 = f32x4.splat(h1);
  const t2 = f32x4.splat(h2);
  const t3 = f32x4.splat(h3);
  const fromY1 = f32x4(h1, h2, h3, h4);
  const fromY2 = f32x4(-a2, -a2 * h1, -a2 * h2, -a2 * h3);
  const zero = f32x4.splat(0);
  let y = f32x4(0, 0, <f32>load<f64>(voice, FILTER_Y2), <f32>load<f64>(voice, FILTER_Y1));
  const end = at + (<usize>count << 2);
  const toGains = gains - samples;
  for (; at < end; at += 16, out += 16) {
    const x1 = v128.load(at - 4);
    const f = f32x4.mul(gain, f32x4.add(f32x4.add(v128.load(at), x1), f32x4.add(x1, v128.load(at - 8))));
    const f1 = v128.shuffle<f32>(zero, f, 0, 4, 5, 6);
    const f2 = v128.shuffle<f32>(zero, f, 0, 1, 4, 5);
    const f3 = v128.shuffle<f32>(zero, f, 0, 1, 2, 4);
    const fresh = f32x4.add(f32x4.add(f, f32x4.mul(t1, f1)), f32x4.add(f32x4.mul(t2, f2), f32x4.mul(t3, f3)));
    y = f32x4.add(
      f32x4.add(fresh, f32x4.mul(fromY2, v128.shuffle<f32>(y, y, 2, 2, 2, 2))),
      f32x4.mul(fromY1, v128.shuffle<f32>(y, y, 3, 3, 3, 3)));
    v128.store(out, f32x4.mul(y, v128.load(at + toGains)));
  }
  store<f64>(voice, <f64>f32x4.extract_lane(y, 2), FILTER_Y2);
  store<f64>(voice, <f64>f32x4.extract_lane(y, 3), FILTER_Y1);
}

/** The same frame by frame in double precision. */
function filterFrames(voice: usize, at: usize, count: i32, out: usize, b0: f64, a1: f64, a2: f64): void {
  let y1 = load<f64>(voice, FILTER_Y1);
  let y2 = load<f64>(voice, FILTER_Y2);
  const end = at + (<usize>count << 2);
  const toGains = gains - samples;
  for (; at < end; at += 4, out += 4) {
    const x1 = <f64>load<f32>(at - 4);
    const y = b0 * (<f64>load<f32>(at) + x1 + x1 + <f64>load<f32>(at - 8)) - a1 * y1 - a2 * y2;
    y2 = y1;
    y1 = y;
    store<f32>(out, <f32>(y * <f64>load<f32>(at + toGains)));
  }
  store<f64>(voice, y1, FILTER_Y1);
  store<f64>(voice, y2, FILTER_Y2);
}

/** Filters one period towards a cutoff in octaves; coefficients move in quarter periods so that sweeps make no steps. */
export function lowPass(voice: usize, cutoff: f32, out: usize): void {
  const past = samples;
  store<f32>(past - 8, <f32>load<f64>(voice, FILTER_X2));
  store<f32>(past - 4, <f32>load<f64>(voice, FILTER_X1));
  const before = load<f32>(voice, FILTER_CUTOFF);
  let b0 = load<f32>(voice, FILTER_B0);
  let a1 = load<f32>(voice, FILTER_A1);
  let a2 = load<f32>(voice, FILTER_A2);
  tune(voice, cutoff);
  const now = load<f32>(voice, FILTER_CUTOFF);
  const low = isLow(min<f32>(before < 0 ? now : before, now));
  if (before == now || before < 0) {
    b0 = load<f32>(voice, FILTER_B0);
    a1 = load<f32>(voice, FILTER_A1);
    a2 = load<f32>(voice, FILTER_A2);
    if (low) filterFrames(voice, past, 64, out, b0, a1, a2);
    else filterVectors(voice, past, 64, out, b0, a1, a2);
  } else {
    const db0: f32 = (load<f32>(voice, FILTER_B0) - b0) * 0.25;
    const da1: f32 = (load<f32>(voice, FILTER_A1) - a1) * 0.25;
    const da2: f32 = (load<f32>(voice, FILTER_A2) - a2) * 0.25;
    for (let quarter: usize = 0; quarter < 256; quarter += 64) {
      b0 += db0;
      a1 += da1;
      a2 += da2;
      if (low) filterFrames(voice, past + quarter, 16, out + quarter, b0, a1, a2);
      else filterVectors(voice, past + quarter, 16, out + quarter, b0, a1, a2);
    }
  }
  store<f64>(voice, <f64>load<f32>(past + 248), FILTER_X2);
  store<f64>(voice, <f64>load<f32>(past + 252), FILTER_X1);
  // Numbers too small to be heard cost a hundred times as much to compute with.
  if (abs(load<f64>(voice, FILTER_Y1)) + abs(load<f64>(voice, FILTER_Y2)) < 1e-12) {
    store<f64>(voice, 0, FILTER_Y1);
    store<f64>(voice, 0, FILTER_Y2);
  }
}
