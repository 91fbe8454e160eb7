import { ALIGNMENT, CUT, SHARED_SOUND, STATE, STATE_FREE, STATE_LAST } from '../voice-layout';
import { keep, recall } from './carried';
import { CUT_OFF, isSteady, mixVoice } from './mixer';
import { signal } from './settings';
import { addShared, sharedPeriod } from './shared-sound';
import { renderPeriod } from './voice';

export { chorus } from './effects/chorus';
export { compress } from './effects/compressor';
export { echo } from './effects/echo';
export { limit } from './effects/limiter';
export { reverb } from './effects/reverb';
export { section } from './effects/section';
export { sweep } from './effects/sweep';
export { pack } from './pack';
export { quantize } from './quantize';
export { finishBits, putBits, putNumbers, putRice, startBits } from './flac/bits';
export { crc16 } from './flac/crc';
export { fixedResidual, isConstant, sumDifferences } from './flac/differences';
export { applyWindow, autocorrelate, linearResidual, widen } from './flac/prediction';
export { riceSums } from './flac/rice-sums';
export { middleAndSide } from './flac/stereo';
export { weigh } from './k-weighting';
export { addScaled, extremes, magnitude, middle, setScaled, silence } from './levels';
export { add, clear, distribute, hush } from './parts';
export { peak } from './peak';
export { configure } from './settings';
export { samplePeak, truePeak } from './true-peak';

/** Periods of the last batch in which any voice sounded. */
export let soundingPeriods: i32 = 0;

/**
 * Renders a batch of periods of every voice in a list of addresses, in its order, adds it to the parts' accumulators,
 * and takes the voices that have ended out of the list; their state is set to free. Returns how many are left.
 */
export function renderVoices(list: usize, count: i32, periods: i32): i32 {
  let kept: i32 = 0;
  soundingPeriods = 0;
  for (let i: i32 = 0; i < count; i++) {
    const voice = <usize>load<i32>(list + (<usize>i << 2));
    soundingPeriods = max<i32>(soundingPeriods, playVoice(voice, periods));
    if (load<i32>(voice, STATE) == STATE_FREE) continue;
    store<i32>(list + (<usize>kept << 2), <i32>voice);
    kept++;
  }
  return kept;
}

/** Renders and mixes a batch of one voice, and sets it free when it has ended. Returns in how many periods it sounded. */
function playVoice(voice: usize, periods: i32): i32 {
  const sound = <usize>load<i32>(voice, SHARED_SOUND);
  if (sound != 0 && isSteady(voice)) return addShared(voice, sound, periods);
  const carried = <usize>load<i32>(voice, ALIGNMENT) << 2;
  recall(voice, signal, carried);
  let out = signal + carried;
  let played: i32 = 0;
  let isOver = false;
  while (played < periods && !isOver) {
    played++;
    if (load<i32>(voice, STATE) == STATE_LAST) {
      memory.fill(out, 0, 256 - carried);
      isOver = true;
    } else {
      if (sound) sharedPeriod(voice, sound, out);
      else renderPeriod(voice, out);
      out += 256;
      isOver = carried == 0 && load<i32>(voice, STATE) == STATE_LAST;
    }
  }
  played = mixVoice(voice, signal, played);
  if (isOver || load<f32>(voice, CUT) < CUT_OFF) store<i32>(voice, STATE_FREE, STATE);
  else keep(voice, signal + (<usize>played << 8), carried);
  return played;
}
