import {
  PERIOD_FRAMES, RELEASE_AT, VOL_ATTACK_AT, VOL_DECAY_AT, VOL_DECAY_FACTOR, VOL_DECAY_STEP, VOL_GAIN, VOL_HOLD_AT,
  VOL_RELEASED_FROM, VOL_RELEASE_FACTOR, VOL_RELEASE_STEP, VOL_SUSTAIN,
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

/** Set by {@link straightEnvelope}: gain and level in octaves at the end of the period. */
export let nextGain: f32 = 0;
export let endLevel: f32 = 0;

/**
 * True when the gain runs straight through the next period: no stage begins or ends inside it. Its end is then in
 * {@link nextGain}, its start in the voice.
 */
export function straightEnvelope(voice: usize, age: i32): bool {
  const end = age + PERIOD_FRAMES;
  const releaseAt = load<i32>(voice, RELEASE_AT);
  if (age >= releaseAt) {
    const from = load<f32>(voice, VOL_RELEASED_FROM);
    if (from > 0.0) return false;
    endLevel = max<f32>(SILENCE, from + <f32>(end - releaseAt) * load<f32>(voice, VOL_RELEASE_STEP));
    nextGain = load<f32>(voice, VOL_GAIN) * load<f32>(voice, VOL_RELEASE_FACTOR);
    return true;
  }
  if (end > releaseAt) return false;
  const decayAt = load<i32>(voice, VOL_DECAY_AT);
  if (age > decayAt) {
    const sustain = load<f32>(voice, VOL_SUSTAIN);
    const step = load<f32>(voice, VOL_DECAY_STEP);
    endLevel = <f32>(end - decayAt) * step;
    if (endLevel > sustain) {
      nextGain = load<f32>(voice, VOL_GAIN) * load<f32>(voice, VOL_DECAY_FACTOR);
      return true;
    }
    // The sustain level has been reached already, or is being reached in this period.
    endLevel = sustain;
    if (<f32>(age - decayAt) * step > sustain) return false;
    nextGain = load<f32>(voice, VOL_GAIN);
    return true;
  }
  const holdAt = load<i32>(voice, VOL_HOLD_AT);
  if (age > holdAt && end <= decayAt) {
    endLevel = 0.0;
    nextGain = 1.0;
    return true;
  }
  const attackAt = load<i32>(voice, VOL_ATTACK_AT);
  if (age < attackAt || end > holdAt) return false;
  endLevel = 0.0;
  nextGain = <f32>(end - attackAt) / <f32>(holdAt - attackAt);
  return true;
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
        const sustain = load<f32>(voice, VOL_SUSTAIN);
        const sustainAt = decayAt + <i32>min<f32>(1e9, ceil(sustain / load<f32>(voice, VOL_DECAY_STEP)));
        if (now < sustainAt) until = min<i32>(until, sustainAt);
        if (now == holdAt) gain = 1.0;
        level = decayed(voice, until);
        next = now >= sustainAt ? gain : <f32>exp2(level);
      }
    }
    line(out, done, until - age, gain, next);
    gain = next;
    done = until - age;
  }
  store<f32>(voice, gain, VOL_GAIN);
  return level;
}
