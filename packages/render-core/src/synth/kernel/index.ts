import { ALIGNMENT, BUFFER, CUT, STATE, STATE_FREE, STATE_LAST } from '../voice-layout';
import { mixVoice } from './mixer';
import { renderPeriod } from './voice';

export { chorus } from './chorus';
export { add, clear, distribute } from './parts';
export { peak } from './peak';
export { reverb } from './reverb';
export { configure } from './settings';

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
    const buffer = voice + BUFFER;
    const carried = <usize>load<i32>(voice, ALIGNMENT) << 2;
    const last = load<i32>(voice, STATE) == STATE_LAST;
    if (last) memory.fill(buffer + carried, 0, 256 - carried);
    else renderPeriod(voice);
    mixVoice(voice, buffer);
    if (last || (carried == 0 && load<i32>(voice, STATE) == STATE_LAST) || load<f32>(voice, CUT) < CUT_OFF) {
      store<i32>(voice, STATE_FREE, STATE);
      continue;
    }
    for (let at: usize = 0; at < carried; at += 16) v128.store(buffer + at, v128.load(buffer + at, 256));
    store<i32>(list + (<usize>kept << 2), <i32>voice);
    kept++;
  }
  return kept;
}
