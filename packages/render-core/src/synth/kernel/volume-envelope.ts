import {
  PERIOD_FRAMES, RELEASE_AT, VOL_ATTACK_AT, VOL_DECAY_AT, VOL_DECAY_STEP, VOL_GAIN, VOL_HOLD_AT, VOL_RELEASED_FROM,
  VOL_RELEASE_STEP, VOL_SUSTAIN,
} from '../voice-layout';
import { exp2 } from './exponential';

/** Largest attenuation that is computed, in octaves of gain (-120 dB). */
const SILENCE: f32 = -20.0;

/** Level in octaves of gain at an age from the hold on, before any release. */
// @ts-ignore: decorator
@inline
function decayed(voice: usize, age: i32): f32 {
  const decayAt = load<i32>(voice, VOL_DECAY_AT);
  if (age <= decayAt) return 0.0;
  return max<f32>(load<f32>(voice, VOL_SUSTAIN), <f32>(age - decayAt) * load<f32>(voice, VOL_DECAY_STEP));
}

/** Fills frames `from` to `to` with a straight line; writes whole vectors, so up to 3 frames more. */
// @ts-ignore: decorator
@inline
function line(out: usize, from: i32, to: i32, first: f32, last: f32): void {
  const step: f32 = (last - first) / <f32>(to - from);
  let level = f32x4.add(f32x4.splat(first), f32x4.mul(f32x4.splat(step), f32x4(1, 2, 3, 4)));
  const step4 = f32x4.splat(step * 4);
  const end = out + (<usize>to << 2);
  for (let at = out + (<usize>from << 2); at < end; at += 16) {
    v128.store(at, level);
    level = f32x4.add(level, step4);
  }
}

/** Level in octaves of gain of a voice whose attack has reached a gain. */
// @ts-ignore: decorator
@inline
function octaves(gain: f32): f32 {
  if (gain <= 1e-6) return SILENCE;
  const bits = reinterpret<i32>(gain);
  const mantissa = reinterpret<f32>((bits & 0x7fffff) | 0x3f800000);
  const t: f32 = (mantissa - <f32>1.4142135) / (mantissa + <f32>1.4142135);
  const s: f32 = t * t;
  return <f32>((bits >> 23) - 127) + <f32>0.5 + t * (<f32>2.885390 + s * (<f32>0.961797 + s * (<f32>0.577078 + s * <f32>0.412199)));
}

/**
 * Writes the gain of one period to `out` (room for 3 frames more) and returns the level at its end in octaves of gain:
 * delay, straight attack, hold, decay and release that fall by equal decibels in equal times (SF2.04 8.1.2, generators
 * 33-40). Every stage begins at its own frame; between the frames that are computed the gain runs straight.
 */
export function volumeEnvelope(voice: usize, age: i32, out: usize): f32 {
  const releaseAt = load<i32>(voice, RELEASE_AT);
  const attackAt = load<i32>(voice, VOL_ATTACK_AT);
  const holdAt = load<i32>(voice, VOL_HOLD_AT);
  const decayAt = load<i32>(voice, VOL_DECAY_AT);
  let gain = load<f32>(voice, VOL_GAIN);
  let level: f32 = 0.0;
  let done: i32 = 0;
  while (done < PERIOD_FRAMES) {
    const now = age + done;
    let until = age + PERIOD_FRAMES;
    let next: f32;
    if (now >= releaseAt) {
      let from = load<f32>(voice, VOL_RELEASED_FROM);
      if (from > 0.0) {
        from = now < holdAt ? octaves(gain) : decayed(voice, releaseAt);
        store<f32>(voice, from, VOL_RELEASED_FROM);
      }
      level = max<f32>(SILENCE, from + <f32>(until - releaseAt) * load<f32>(voice, VOL_RELEASE_STEP));
      next = <f32>exp2(level);
    } else {
      until = min<i32>(until, releaseAt);
      if (now < attackAt) {
        until = min<i32>(until, attackAt);
        next = 0.0;
      } else if (now < holdAt) {
        until = min<i32>(until, holdAt);
        next = <f32>(until - attackAt) / <f32>(holdAt - attackAt);
      } else if (now < decayAt) {
        until = min<i32>(until, decayAt);
        gain = 1.0;
        next = 1.0;
      } else {
        level = decayed(voice, until);
        next = level == load<f32>(voice, VOL_SUSTAIN) && decayed(voice, now) == level ? gain : <f32>exp2(level);
        if (now == holdAt) gain = 1.0;
      }
    }
    line(out, done, until - age, gain, next);
    gain = next;
    done = until - age;
  }
  store<f32>(voice, gain, VOL_GAIN);
  return level;
}
