import {
  AGE, ALIGNMENT, BUFFER, CUTOFF, FILTERS, GLIDE, GLIDES, GLIDE_STEP, INCREMENT, LOOP_MODE, LOOP_UNTIL_RELEASE,
  MOD_ENV, MOD_ENV_TO_CUTOFF, MOD_ENV_TO_PITCH, MOD_LFO, MOD_LFO_DELAY, MOD_LFO_STEP, MOD_LFO_TO_CUTOFF,
  MOD_LFO_TO_GAIN, MOD_LFO_TO_PITCH, MOVES, PERIOD_FRAMES, PHASE, PITCH, RELEASE_AT, SAMPLE_END, STATE, STATE_LAST,
  TAIL_FROM, TREMOLO, VIB_LFO, VIB_LFO_DELAY, VIB_LFO_STEP, VIB_LFO_TO_PITCH, VOL_ATTACK_AT, VOL_DECAY_AT, VOL_FLOOR,
  VOL_GAIN, WRAP_AT, WRAP_LENGTH,
} from '../voice-layout';
import { exp2 } from './exponential';
import { triangle } from './lfo';
import { isLow, lowPass, retune } from './low-pass-filter';
import { modulationEnvelope } from './modulation-envelope';
import { oscillate, straightSource } from './oscillator';
import { filteredPeriod, plainPeriod } from './straight-period';
import { gains, samples } from './settings';
import { endLevel, nextGain, straightEnvelope, volumeEnvelope } from './volume-envelope';

const HALF_PERIOD: i32 = 32;
/** Frames that the unrolled copy of a loop begins before the loop's end, and goes on after it. */
const LOOP_MARGIN: i32 = 8;
const HIGHEST_INCREMENT: f64 = 2048.0;

/**
 * A sample that loops until the key is released plays on to its end afterwards (SF2.04 8.1.3, sampleModes 3), from where it
 * is in its loop: a position in the unrolled copy comes back to the recording.
 */
function leaveLoop(voice: usize): void {
  const tailFrom = load<i32>(voice, TAIL_FROM);
  const wrap = load<i32>(voice, WRAP_LENGTH);
  const length = wrap - (load<i32>(voice, WRAP_AT) - tailFrom - LOOP_MARGIN * 2);
  const past = <i32>(load<i64>(voice, PHASE) >> 32) - tailFrom - LOOP_MARGIN;
  if (past >= 0) store<i64>(voice, load<i64>(voice, PHASE) - (<i64>((past / length + 1) * length) << 32), PHASE);
  store<i32>(voice, 0, LOOP_MODE);
  store<i32>(voice, 0, WRAP_LENGTH);
  store<i32>(voice, load<i32>(voice, SAMPLE_END), TAIL_FROM);
}

/** Multiplies the gains of a period by a factor that runs straight from one value to another. */
function scaleGains(before: f32, now: f32): void {
  const step: f32 = (now - before) * <f32>(1.0 / 64.0);
  let factor = f32x4.add(f32x4.splat(before), f32x4.mul(f32x4.splat(step), f32x4(1, 2, 3, 4)));
  const step4 = f32x4.splat(step * 4);
  for (let at = gains; at < gains + 256; at += 16) {
    v128.store(at, f32x4.mul(v128.load(at), factor));
    factor = f32x4.add(factor, step4);
  }
}

/** Computes the voice's next period into its buffer: oscillator, filter, volume envelope. */
export function renderPeriod(voice: usize): void {
  const age = load<i32>(voice, AGE);
  const out = voice + BUFFER + (<usize>load<i32>(voice, ALIGNMENT) << 2);
  store<i32>(voice, age + PERIOD_FRAMES, AGE);

  // Nothing sounds, and the sample does not run, before the attack.
  if (age + PERIOD_FRAMES <= load<i32>(voice, VOL_ATTACK_AT) && age < load<i32>(voice, RELEASE_AT)) {
    memory.fill(out, 0, 256);
    return;
  }

  const moves = load<i32>(voice, MOVES);
  let increment = load<i64>(voice, INCREMENT);
  let cutoff = load<f32>(voice, CUTOFF);
  let tremolo: f32 = 1;
  let nextTremolo: f32 = 1;
  if (moves & (MOD_LFO | VIB_LFO | MOD_ENV | GLIDES)) {
    // Pitch and cutoff are those of the middle of the period.
    const middle = age + HALF_PERIOD;
    let octaves: f32 = 0;
    if (moves & MOD_LFO) {
      const delay = load<i32>(voice, MOD_LFO_DELAY);
      const step = load<f32>(voice, MOD_LFO_STEP);
      const lfo = triangle(middle - delay, step);
      octaves += lfo * load<f32>(voice, MOD_LFO_TO_PITCH);
      cutoff += lfo * load<f32>(voice, MOD_LFO_TO_CUTOFF);
      const depth = load<f32>(voice, MOD_LFO_TO_GAIN);
      if (depth != 0) {
        tremolo = load<f32>(voice, TREMOLO);
        nextTremolo = <f32>exp2(<f64>(depth * triangle(age + PERIOD_FRAMES - delay, step)));
        store<f32>(voice, nextTremolo, TREMOLO);
      }
    }
    if (moves & VIB_LFO) {
      const lfo = triangle(middle - load<i32>(voice, VIB_LFO_DELAY), load<f32>(voice, VIB_LFO_STEP));
      octaves += lfo * load<f32>(voice, VIB_LFO_TO_PITCH);
    }
    if (moves & MOD_ENV) {
      const envelope = modulationEnvelope(voice, middle);
      octaves += envelope * load<f32>(voice, MOD_ENV_TO_PITCH);
      cutoff += envelope * load<f32>(voice, MOD_ENV_TO_CUTOFF);
    }
    if (moves & GLIDES) {
      const glide = load<f32>(voice, GLIDE);
      const glided: f32 = load<f32>(voice, GLIDE_STEP) * <f32>PERIOD_FRAMES;
      octaves += glide;
      store<f32>(voice, abs(glided) >= abs(glide) ? <f32>0 : glide + glided, GLIDE);
    }
    if (octaves != 0) {
      const pitch = max<f64>(-20.0, load<f64>(voice, PITCH) + <f64>octaves);
      increment = <i64>(min<f64>(HIGHEST_INCREMENT, exp2(pitch)) * 4294967296.0);
    }
  }
  if (moves & FILTERS) retune(voice, cutoff);

  if (load<i32>(voice, LOOP_MODE) == LOOP_UNTIL_RELEASE && age >= load<i32>(voice, RELEASE_AT)) leaveLoop(voice);
  let sounding = true;
  let level: f32;
  const source = straightSource(voice, increment);
  if (source != 0 && !(moves & FILTERS && isLow) && straightEnvelope(voice, age)) {
    const gain: f32 = load<f32>(voice, VOL_GAIN);
    store<f32>(voice, nextGain, VOL_GAIN);
    level = endLevel;
    if (moves & FILTERS) {
      filteredPeriod(voice, source, increment, gain * tremolo, nextGain * nextTremolo, out);
    } else {
      plainPeriod(voice, source, increment, gain * tremolo, nextGain * nextTremolo, out);
    }
  } else {
    sounding = oscillate(voice, increment);
    level = volumeEnvelope(voice, age, gains);
    if (tremolo != 1 || nextTremolo != 1) scaleGains(tremolo, nextTremolo);
    if (moves & FILTERS) {
      lowPass(voice, out);
    } else {
      for (let at: usize = 0; at < 256; at += 16) {
        v128.store(out + at, f32x4.mul(v128.load(samples + at), v128.load(gains + at)));
      }
    }
  }
  const end = age + PERIOD_FRAMES;
  if (level < load<f32>(voice, VOL_FLOOR) && (end > load<i32>(voice, VOL_DECAY_AT) || end > load<i32>(voice, RELEASE_AT))) {
    sounding = false;
  }
  if (!sounding) store<i32>(voice, STATE_LAST, STATE);
}
