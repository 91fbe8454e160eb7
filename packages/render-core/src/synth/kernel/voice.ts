import {
  AGE, ALIGNMENT, BUFFER, CUTOFF, FILTERS, FILTER_CUTOFF, GLIDE, GLIDE_STEP, INCREMENT, LOOP_MODE, LOOP_UNTIL_RELEASE,
  MEMORY_END, MEMORY_READ, MEMORY_WRITE, MOD_ENV_TO_CUTOFF, MOD_ENV_TO_PITCH, MOD_LFO_DELAY, MOD_LFO_PHASE,
  MOD_LFO_STEP, MOD_LFO_TO_CUTOFF, MOD_LFO_TO_GAIN, MOD_LFO_TO_PITCH, MOVES, MOVES_CUTOFF, MOVES_LEVEL, MOVES_PITCH,
  PERIOD_FRAMES, PHASE, PITCH, RELEASE_AT, SAMPLE, SAMPLE_END, STATE, STATE_FREE, STATE_LAST, STATE_SOUNDING, TAIL,
  TAIL_FROM, TREMOLO, VIB_LFO_DELAY, VIB_LFO_PHASE, VIB_LFO_STEP, VIB_LFO_TO_PITCH, VOL_ATTACK_AT, VOL_DECAY_AT,
  VOL_FLOOR, WRAP_AT, WRAP_LENGTH,
} from '../voice-layout';
import { exp2 } from './exponential';
import { advance, triangle } from './lfo';
import { lowPass } from './low-pass-filter';
import { modulationEnvelope } from './modulation-envelope';
import { cubic, linear, sinc } from './oscillator';
import { gains, interpolation, samples } from './tables';
import { volumeEnvelope } from './volume-envelope';

const HALF_PERIOD: i32 = 32;
const HIGHEST_INCREMENT: f64 = 2048.0;

/** Interpolates one period into the sample work space; returns false once a sample that does not loop has ended. */
function oscillate(voice: usize, increment: i64): bool {
  let phase = load<i64>(voice, PHASE);
  const tailFrom = load<i32>(voice, TAIL_FROM);
  const wrap = load<i32>(voice, WRAP_LENGTH);
  const wrapAt = load<i32>(voice, WRAP_AT);
  let done: i32 = 0;
  let sounding = true;
  while (done < PERIOD_FRAMES) {
    const position = <i32>(phase >> 32);
    let source = load<i32>(voice, SAMPLE);
    let limit = tailFrom;
    if (position >= tailFrom) {
      if (wrap == 0) {
        memory.fill(samples + (<usize>done << 2), 0, <usize>(PERIOD_FRAMES - done) << 2);
        sounding = false;
        break;
      }
      if (position >= wrapAt) {
        phase -= <i64>wrap << 32;
        continue;
      }
      source = load<i32>(voice, TAIL);
      limit = wrapAt;
    }
    let count = PERIOD_FRAMES - done;
    const room = (<i64>limit << 32) - phase;
    if (<i64>count * increment > room) count = min<i32>(count, <i32>((room + increment - 1) / increment));
    const out = samples + (<usize>done << 2);
    if (interpolation == 1) phase = cubic(out, count, <usize>source, phase, increment);
    else if (interpolation == 2) phase = sinc(out, count, <usize>source, phase, increment);
    else phase = linear(out, count, <usize>source, phase, increment);
    done += count;
  }
  store<i64>(voice, phase, PHASE);
  return sounding;
}

/** A sample that loops until the key is released plays on to its end afterwards (SF2.04 8.1.3, sampleModes 3). */
function leaveLoop(voice: usize): void {
  store<i32>(voice, 0, LOOP_MODE);
  store<i32>(voice, 0, WRAP_LENGTH);
  store<i32>(voice, load<i32>(voice, SAMPLE_END), TAIL_FROM);
}

/** Multiplies the gains of a period by the modulation LFO's swing of the volume (generator 13). */
function tremolo(voice: usize, swing: f32): void {
  const before = load<f32>(voice, TREMOLO);
  const now = <f32>exp2(<f64>(swing * load<f32>(voice, MOD_LFO_TO_GAIN)));
  store<f32>(voice, now, TREMOLO);
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
  let swing: f32 = 0;
  if (moves & (MOVES_PITCH | MOVES_CUTOFF | MOVES_LEVEL)) {
    const modPhase = load<f32>(voice, MOD_LFO_PHASE);
    const vibPhase = load<f32>(voice, VIB_LFO_PHASE);
    const modStep = load<f32>(voice, MOD_LFO_STEP);
    const vibStep = load<f32>(voice, VIB_LFO_STEP);
    const modDelay = load<i32>(voice, MOD_LFO_DELAY);
    const vibDelay = load<i32>(voice, VIB_LFO_DELAY);
    const mod = triangle(advance(modPhase, modStep, modDelay, age, HALF_PERIOD));
    const vibrato = triangle(advance(vibPhase, vibStep, vibDelay, age, HALF_PERIOD));
    const modEnd = advance(modPhase, modStep, modDelay, age, PERIOD_FRAMES);
    store<f32>(voice, modEnd, MOD_LFO_PHASE);
    store<f32>(voice, advance(vibPhase, vibStep, vibDelay, age, PERIOD_FRAMES), VIB_LFO_PHASE);
    const envelope = modulationEnvelope(voice, age + HALF_PERIOD);
    swing = triangle(modEnd);
    if (moves & MOVES_PITCH) {
      const glide = load<f32>(voice, GLIDE);
      const octaves = load<f64>(voice, PITCH) + <f64>(glide + mod * load<f32>(voice, MOD_LFO_TO_PITCH) +
        vibrato * load<f32>(voice, VIB_LFO_TO_PITCH) + envelope * load<f32>(voice, MOD_ENV_TO_PITCH));
      increment = <i64>(min<f64>(HIGHEST_INCREMENT, exp2(max<f64>(-20.0, octaves))) * 4294967296.0);
      if (glide != 0) {
        const glided: f32 = load<f32>(voice, GLIDE_STEP) * <f32>PERIOD_FRAMES;
        store<f32>(voice, abs(glided) >= abs(glide) ? <f32>0 : glide + glided, GLIDE);
      }
    }
    cutoff += mod * load<f32>(voice, MOD_LFO_TO_CUTOFF) + envelope * load<f32>(voice, MOD_ENV_TO_CUTOFF);
  }

  if (load<i32>(voice, LOOP_MODE) == LOOP_UNTIL_RELEASE && age >= load<i32>(voice, RELEASE_AT)) leaveLoop(voice);
  let sounding = oscillate(voice, increment);
  const level = volumeEnvelope(voice, age, gains);
  if (moves & MOVES_LEVEL) tremolo(voice, swing);
  if (moves & FILTERS) {
    lowPass(voice, cutoff, out);
  } else {
    for (let at: usize = 0; at < 256; at += 16) {
      v128.store(out + at, f32x4.mul(v128.load(samples + at), v128.load(gains + at)));
    }
  }
  const end = age + PERIOD_FRAMES;
  if (level < load<f32>(voice, VOL_FLOOR) && (end > load<i32>(voice, VOL_DECAY_AT) || end > load<i32>(voice, RELEASE_AT))) {
    sounding = false;
  }
  if (!sounding) store<i32>(voice, STATE_LAST, STATE);
}
