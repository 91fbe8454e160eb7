import { ALIGNMENT, BUFFER, CUT, MEMORY_READ, MEMORY_WRITE, STATE, STATE_FREE, STATE_LAST } from '../voice-layout';
import { mixVoice } from './mixer';
import { isRecalled, recall, remember } from './note-memory';
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
export { addScaled, magnitude, middle, scale, setScaled } from './levels';
export { add, clear, distribute } from './parts';
export { peak } from './peak';
export { configure } from './settings';
export { samplePeak, truePeak } from './true-peak';

/** A voice that has been cut is gone when it has come down to this (-80 dB). */
const CUT_OFF: f32 = 1e-4;

/**
 * Renders one period of every voice in a list of addresses, in its order, adds it to the parts' accumulators, and takes
 * the voices that have ended out of the list; their state is set to free. Returns how many are left.
 */
export function renderVoices(list: usize, count: i32): i32 {
  let kept: i32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const voice = <usize>load<i32>(list + (<usize>i << 2));
    const ended = load<i32>(voice, MEMORY_READ) ? replayVoice(voice) : renderVoice(voice);
    if (ended) {
      store<i32>(voice, STATE_FREE, STATE);
    } else {
      store<i32>(list + (<usize>kept << 2), <i32>voice);
      kept++;
    }
  }
  return kept;
}

function replayVoice(voice: usize): bool {
  mixVoice(voice, recall(voice));
  return isRecalled(voice) || load<f32>(voice, CUT) < CUT_OFF;
}

/** Renders and mixes one period; true when the voice has ended. */
function renderVoice(voice: usize): bool {
  const buffer = voice + BUFFER;
  const carried = <usize>load<i32>(voice, ALIGNMENT) << 2;
  const wasLast = load<i32>(voice, STATE) == STATE_LAST;
  const remembers = load<i32>(voice, MEMORY_WRITE) != 0;
  if (wasLast) {
    memory.fill(buffer + carried, 0, 256 - carried);
  } else {
    renderPeriod(voice);
    if (remembers) remember(voice, load<i32>(voice, STATE) == STATE_LAST);
  }
  // A voice that is remembered is heard no more once it is cut, but rendered to its end.
  if (load<f32>(voice, CUT) >= CUT_OFF) mixVoice(voice, buffer);
  const isLast = load<i32>(voice, STATE) == STATE_LAST;
  if (wasLast || (isLast && carried == 0)) return true;
  if (load<f32>(voice, CUT) < CUT_OFF && (isLast || !remembers)) return true;
  for (let at: usize = 0; at < carried; at += 16) v128.store(buffer + at, v128.load(buffer + at, 256));
  return false;
}
