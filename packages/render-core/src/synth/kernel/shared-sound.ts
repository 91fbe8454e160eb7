import {
  ACCUMULATORS, AGE, ALIGNMENT, CARRIED, GAINS, PERIOD_FRAMES, SOUND_FRAMES, SOUND_ROOM, SOUND_SIGNAL, SOUND_WHOLE, STATE, STATE_FREE, STATE_LAST,
} from '../voice-layout';
import { addLines, addSteady, useBuses } from './buses';
import { keep } from './carried';
import { applyLine } from './gain-line';
import { applyGains, endWhenInaudible, fromGain, isStraight, periodGain, straightGains, toGain } from './period-gain';
import { corners, signal } from './settings';
import { isDelayed, renderSound } from './voice';

/**
 * A sound that several voices share is rendered once, before their envelopes and gains, by whichever voice first comes to a
 * period of it. It is made as a voice would make it with a gain of one throughout.
 */
function extend(sound: usize, frames: i32): void {
  let done = load<i32>(sound, SOUND_FRAMES);
  while (done < frames && !load<i32>(sound, SOUND_WHOLE)) {
    if (done >= load<i32>(sound, SOUND_ROOM)) {
      store<i32>(sound, 1, SOUND_WHOLE);
      return;
    }
    const out = sound + SOUND_SIGNAL + (<usize>done << 2);
    if (isDelayed(sound, done)) memory.fill(out, 0, 256);
    else if (!renderSound(sound, done, true, 1, 1, out)) store<i32>(sound, 1, SOUND_WHOLE);
    done += PERIOD_FRAMES;
    store<i32>(sound, done, SOUND_FRAMES);
  }
}

/** Address of the next period of the sound that a voice shares, or 0 before its attack and after the sound's end. Works out the voice's gain, and whether it ends. */
function nextPeriod(voice: usize, sound: usize): usize {
  const age = load<i32>(voice, AGE);
  const end = age + PERIOD_FRAMES;
  store<i32>(voice, end, AGE);
  if (isDelayed(voice, age)) return 0;
  extend(sound, end);
  endWhenInaudible(voice, end, periodGain(voice, age));
  if (load<i32>(sound, SOUND_WHOLE)) {
    const frames = load<i32>(sound, SOUND_FRAMES);
    if (end >= frames) store<i32>(voice, STATE_LAST, STATE);
    if (age >= frames) return 0;
  }
  return sound + SOUND_SIGNAL + (<usize>age << 2);
}

/** Passes over the next periods of a voice whose gains run straight: at most so many, perhaps none. Their gains are in {@link corners}. */
function straightRun(voice: usize, sound: usize, most: i32): i32 {
  const age = load<i32>(voice, AGE);
  let run = most > 0 && !isDelayed(voice, age) ? straightGains(voice, age, most) : 0;
  if (run == 0) return 0;
  extend(sound, age + run * PERIOD_FRAMES);
  if (load<i32>(sound, SOUND_WHOLE)) {
    const left = (load<i32>(sound, SOUND_FRAMES) - age) / PERIOD_FRAMES;
    if (run >= left) {
      run = left;
      store<i32>(voice, STATE_LAST, STATE);
    }
  }
  store<i32>(voice, age + run * PERIOD_FRAMES, AGE);
  return run;
}

function applyEnvelope(from: usize, out: usize): void {
  if (from == 0) memory.fill(out, 0, 256);
  else if (isStraight) applyLine(from, out, fromGain, toGain);
  else applyGains(from, out);
}

/** Takes the next period of a voice from the sound that it shares; the same bytes as {@link renderPeriod}. */
export function sharedPeriod(voice: usize, sound: usize, out: usize): void {
  applyEnvelope(nextPeriod(voice, sound), out);
}

/**
 * Takes a batch of a voice from the sound that it shares and adds it to its part at once: the same sums as when it is mixed
 * afterwards. Its gains stand still. Returns in how many periods it sounded.
 */
export function addShared(voice: usize, sound: usize, periods: i32): i32 {
  const carried = <usize>load<i32>(voice, ALIGNMENT) << 2;
  useBuses(load<i32>(voice, ACCUMULATORS), v128.load(voice, GAINS));
  // Behind what is carried stand zeros, to the end of a vector.
  addSteady(0, voice + CARRIED, carried);
  const whole = carried == 0 ? periods : periods - 1;
  let played: i32 = 0;
  while (played < periods) {
    const offset = carried + (<usize>played << 8);
    if (load<i32>(voice, STATE) == STATE_LAST) {
      store<i32>(voice, STATE_FREE, STATE);
      return played + 1;
    }
    const from = sound + SOUND_SIGNAL + (<usize>load<i32>(voice, AGE) << 2);
    const run = straightRun(voice, sound, whole - played);
    if (run != 0) {
      addLines(offset, from, corners, run);
      played += run;
    } else {
      applyEnvelope(nextPeriod(voice, sound), signal);
      if (++played == periods) {
        keep(voice, signal + 256 - carried, carried);
        v128.store(signal + 256 - carried, i32x4.splat(0));
        addSteady(offset, signal, 256 - carried);
      } else {
        addSteady(offset, signal, 256);
      }
    }
    if (carried == 0 && load<i32>(voice, STATE) == STATE_LAST) {
      store<i32>(voice, STATE_FREE, STATE);
      return played;
    }
  }
  return periods;
}
