import { ACCUMULATORS, ACCUMULATOR_STRIDE, CUT, CUT_STEP, GAINS, GAIN_TARGETS } from '../voice-layout';
import { addSteady, useBuses } from './buses';

/** A voice that has been cut is gone when it has come down to this (-80 dB). */
export const CUT_OFF: f32 = 1e-4;
const RIGHT: usize = ACCUMULATOR_STRIDE;
const REVERB: usize = 2 * ACCUMULATOR_STRIDE;
const CHORUS: usize = 3 * ACCUMULATOR_STRIDE;

/** Adds one period of a mono signal to an accumulator with a gain that runs straight from one value to another. */
function slideTo(out: usize, from: usize, before: f32, now: f32): void {
  if (before == 0 && now == 0) return;
  const step: f32 = (now - before) * <f32>(1.0 / 64.0);
  let gain = f32x4.add(f32x4.splat(before), f32x4.mul(f32x4.splat(step), f32x4(1, 2, 3, 4)));
  const step4 = f32x4.splat(step * 4);
  let at: usize = 0;
  do {
    v128.store(out + at, f32x4.add(v128.load(out + at), f32x4.mul(v128.load(from + at), gain)));
    gain = f32x4.add(gain, step4);
    at += 16;
  } while (at < 256);
}

/**
 * Adds periods of a voice's sound to its part: left and right, and the sends when they are in use. Gains move in the first of
 * them, those of a voice that is being cut in each. Returns how many there were before a cut was over.
 */
export function mixVoice(voice: usize, signal: usize, periods: i32): i32 {
  const step = load<f32>(voice, CUT_STEP);
  let cut = load<f32>(voice, CUT);
  const accumulators = <usize>load<i32>(voice, ACCUMULATORS);
  let done: i32 = 0;
  while (done < periods) {
    const out = accumulators + (<usize>done << 8);
    const from = signal + (<usize>done << 8);
    cut *= step;
    const reached = v128.load(voice, GAINS);
    const wanted = f32x4.mul(v128.load(voice, GAIN_TARGETS), f32x4.splat(cut));
    if (v128.any_true(v128.xor(reached, wanted))) {
      slideTo(out, from, f32x4.extract_lane(reached, 0), f32x4.extract_lane(wanted, 0));
      slideTo(out + RIGHT, from, f32x4.extract_lane(reached, 1), f32x4.extract_lane(wanted, 1));
      slideTo(out + REVERB, from, f32x4.extract_lane(reached, 2), f32x4.extract_lane(wanted, 2));
      slideTo(out + CHORUS, from, f32x4.extract_lane(reached, 3), f32x4.extract_lane(wanted, 3));
      v128.store(voice, wanted, GAINS);
      done++;
    } else {
      const run = step == 1 ? periods - done : 1;
      useBuses(accumulators, wanted);
      addSteady(<usize>done << 8, from, <usize>run << 8);
      done += run;
    }
    if (cut < CUT_OFF) break;
  }
  store<f32>(voice, cut, CUT);
  return done;
}

/** Whether the gains of a voice stand still in the next batch: then it may be added to its part as it is rendered. */
export function isSteady(voice: usize): bool {
  return load<f32>(voice, CUT_STEP) == 1 && !v128.any_true(v128.xor(v128.load(voice, GAINS), v128.load(voice, GAIN_TARGETS)));
}
