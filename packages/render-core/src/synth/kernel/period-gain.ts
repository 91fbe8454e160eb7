import {
  MOD_LFO, MOD_LFO_DELAY, MOD_LFO_STEP, MOD_LFO_TO_GAIN, MOVES, PERIOD_FRAMES, RELEASE_AT, STATE, STATE_LAST, TREMOLO, VOL_DECAY_AT, VOL_FLOOR,
  VOL_GAIN,
} from '../voice-layout';
import { exp2 } from './exponential';
import { triangle } from './lfo';
import { corners, gains } from './settings';
import { endLevel, nextGain, straightEnvelope, volumeEnvelope } from './volume-envelope';

/** Set by {@link periodGain}: a straight line from one gain to another, or else the gains stand in their work space. */
export let isStraight: bool = false;
export let fromGain: f32 = 0;
export let toGain: f32 = 0;

/** Multiplies the gains of a period by a factor that runs straight from one value to another. */
function scaleGains(before: f32, now: f32): void {
  const step: f32 = (now - before) * <f32>(1.0 / 64.0);
  let factor = f32x4.add(f32x4.splat(before), f32x4.mul(f32x4.splat(step), f32x4(1, 2, 3, 4)));
  const step4 = f32x4.splat(step * 4);
  const end = gains + 256;
  let at = gains;
  do {
    v128.store(at, f32x4.mul(v128.load(at), factor));
    factor = f32x4.add(factor, step4);
    at += 16;
  } while (at < end);
}

/** Works out the gain of a voice's next period, by its volume envelope and tremolo. Returns the level of the envelope at its end, in octaves. */
export function periodGain(voice: usize, age: i32): f32 {
  let tremolo: f32 = 1;
  let nextTremolo: f32 = 1;
  if (load<i32>(voice, MOVES) & MOD_LFO) {
    const depth = load<f32>(voice, MOD_LFO_TO_GAIN);
    if (depth != 0) {
      const lfo = triangle(age + PERIOD_FRAMES - load<i32>(voice, MOD_LFO_DELAY), load<f32>(voice, MOD_LFO_STEP));
      tremolo = load<f32>(voice, TREMOLO);
      nextTremolo = <f32>exp2(<f64>(depth * lfo));
      store<f32>(voice, nextTremolo, TREMOLO);
    }
  }
  if (straightEnvelope(voice, age)) {
    isStraight = true;
    fromGain = load<f32>(voice, VOL_GAIN) * tremolo;
    toGain = nextGain * nextTremolo;
    store<f32>(voice, nextGain, VOL_GAIN);
    return endLevel;
  }
  isStraight = false;
  const level = volumeEnvelope(voice, age, gains);
  if (tremolo != 1 || nextTremolo != 1) scaleGains(tremolo, nextTremolo);
  return level;
}

/**
 * Works out the gains of a voice's next periods for as long as they run straight, at most so many: in {@link corners}, from where the first of them begins. Stops
 * after the period in which the voice becomes inaudible, and ends it. Returns how many periods there are.
 */
export function straightGains(voice: usize, age: i32, most: i32): i32 {
  if (load<i32>(voice, MOVES) & MOD_LFO && load<f32>(voice, MOD_LFO_TO_GAIN) != 0) return 0;
  let count: i32 = 0;
  store<f32>(corners, load<f32>(voice, VOL_GAIN));
  while (count < most && straightEnvelope(voice, age)) {
    count++;
    age += PERIOD_FRAMES;
    store<f32>(voice, nextGain, VOL_GAIN);
    store<f32>(corners + (<usize>count << 2), nextGain);
    if (endWhenInaudible(voice, age, endLevel)) break;
  }
  return count;
}

/** Ends a voice whose envelope has fallen to where nothing is heard of it, and says so. */
export function endWhenInaudible(voice: usize, end: i32, level: f32): bool {
  if (level >= load<f32>(voice, VOL_FLOOR)) return false;
  if (end <= load<i32>(voice, VOL_DECAY_AT) && end <= load<i32>(voice, RELEASE_AT)) return false;
  store<i32>(voice, STATE_LAST, STATE);
  return true;
}

/** Applies the gains in the work space to a period of sound. */
export function applyGains(from: usize, out: usize): void {
  let at: usize = 0;
  do {
    v128.store(out + at, f32x4.mul(v128.load(from + at), v128.load(gains + at)));
    at += 16;
  } while (at < 256);
}
