import {
  AGE, CUTOFF, FILTERS, GLIDE, GLIDES, GLIDE_STEP, INCREMENT, LOOP_MODE, LOOP_UNTIL_RELEASE, MOD_ENV, MOD_ENV_TO_CUTOFF,
  MOD_ENV_TO_PITCH, MOD_LFO, MOD_LFO_DELAY, MOD_LFO_STEP, MOD_LFO_TO_CUTOFF, MOD_LFO_TO_PITCH, MOVES, PERIOD_FRAMES,
  PHASE, PITCH, RELEASE_AT, SAMPLE_END, STATE, STATE_LAST, TAIL_FROM, VIB_LFO, VIB_LFO_DELAY, VIB_LFO_STEP,
  VIB_LFO_TO_PITCH, VOL_ATTACK_AT, WRAP_AT, WRAP_LENGTH,
} from '../voice-layout';
import { exp2 } from './exponential';
import { applyLine } from './gain-line';
import { triangle } from './lfo';
import { isLow, lowPass, retune } from './low-pass-filter';
import { modulationEnvelope } from './modulation-envelope';
import { oscillate, straightSource } from './oscillator';
import { applyGains, endWhenInaudible, fromGain, isStraight, periodGain, toGain } from './period-gain';
import { samples } from './settings';
import { filteredPeriod, plainPeriod } from './straight-period';

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

/** The increment of a period, and the cutoff in octaves: set by {@link move}. */
let increment: i64 = 0;
let cutoff: f32 = 0;

/** Pitch and cutoff of the period that begins at an age: those of its middle. */
function move(voice: usize, age: i32, moves: i32): void {
  increment = load<i64>(voice, INCREMENT);
  cutoff = load<f32>(voice, CUTOFF);
  if (!(moves & (MOD_LFO | VIB_LFO | MOD_ENV | GLIDES))) return;
  const middle = age + HALF_PERIOD;
  let octaves: f32 = 0;
  if (moves & MOD_LFO) {
    const lfo = triangle(middle - load<i32>(voice, MOD_LFO_DELAY), load<f32>(voice, MOD_LFO_STEP));
    octaves += lfo * load<f32>(voice, MOD_LFO_TO_PITCH);
    cutoff += lfo * load<f32>(voice, MOD_LFO_TO_CUTOFF);
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

/** Nothing sounds, and the sample does not run, before the attack. */
export function isDelayed(voice: usize, age: i32): bool {
  return age + PERIOD_FRAMES <= load<i32>(voice, VOL_ATTACK_AT) && age < load<i32>(voice, RELEASE_AT);
}

/**
 * Renders a period of oscillator and filter with a gain: a straight line, or else what stands in the work space. Returns false
 * when the sample has come to its end.
 */
export function renderSound(voice: usize, age: i32, straight: bool, gain: f32, nextGain: f32, out: usize): bool {
  const moves = load<i32>(voice, MOVES);
  move(voice, age, moves);
  if (moves & FILTERS) retune(voice, cutoff);
  if (load<i32>(voice, LOOP_MODE) == LOOP_UNTIL_RELEASE && age >= load<i32>(voice, RELEASE_AT)) leaveLoop(voice);
  const source = straightSource(voice, increment);
  if (straight && source != 0 && !(moves & FILTERS && isLow)) {
    if (moves & FILTERS) filteredPeriod(voice, source, increment, gain, nextGain, out);
    else plainPeriod(voice, source, increment, gain, nextGain, out);
    return true;
  }
  const sounding = oscillate(voice, increment);
  let sound = samples;
  if (moves & FILTERS) {
    lowPass(voice, out);
    sound = out;
  }
  if (straight) applyLine(sound, out, gain, nextGain);
  else applyGains(sound, out);
  return sounding;
}

/** Renders a voice's next period: oscillator, filter, volume envelope. */
export function renderPeriod(voice: usize, out: usize): void {
  const age = load<i32>(voice, AGE);
  const end = age + PERIOD_FRAMES;
  store<i32>(voice, end, AGE);
  if (isDelayed(voice, age)) {
    memory.fill(out, 0, 256);
    return;
  }
  const level = periodGain(voice, age);
  if (!renderSound(voice, age, isStraight, fromGain, toGain, out)) store<i32>(voice, STATE_LAST, STATE);
  endWhenInaudible(voice, end, level);
}
