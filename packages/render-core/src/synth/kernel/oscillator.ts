import {
  PERIOD_FRAMES, PHASE, SAMPLE, TAIL, TAIL_FROM, WRAP_AT, WRAP_LENGTH,
} from '../voice-layout';
import { cursor, interpolate } from './interpolation';
import { interpolation, samples } from './settings';

/** Fills `out` with `count` frames, at least one (whole vectors: up to 3 more), and returns the position after them. */
// @ts-ignore: decorator
@inline
function run(points: i32, out: usize, count: i32, source: usize, start: i64, increment: i64): i64 {
  let at = cursor(points, source, start);
  const step = increment << 1;
  const step4 = increment << 3;
  const end = out + (<usize>count << 2);
  do {
    const p1 = at + step;
    const p2 = p1 + step;
    v128.store(out, interpolate(points, at, p1, p2, p2 + step));
    at += step4;
    out += 16;
  } while (out < end);
  return start + <i64>count * increment;
}

/** Where a voice's next period can be read from in one go: its address, or 0 when it meets the end of the sample or of the loop. */
export function straightSource(voice: usize, increment: i64): usize {
  const phase = load<i64>(voice, PHASE);
  const end = phase + increment * PERIOD_FRAMES;
  if (<i32>(end >> 32) < load<i32>(voice, TAIL_FROM)) return load<i32>(voice, SAMPLE);
  if (!load<i32>(voice, WRAP_LENGTH)) return 0;
  const inTail = <i32>(phase >> 32) >= load<i32>(voice, TAIL_FROM) && <i32>(end >> 32) < load<i32>(voice, WRAP_AT);
  return inTail ? <usize>load<i32>(voice, TAIL) : 0;
}

/** Interpolates one period, that can be read in one go, into the sample work space. */
export function straightRun(voice: usize, source: usize, increment: i64): void {
  const phase = load<i64>(voice, PHASE);
  if (interpolation == 4) run(4, samples, PERIOD_FRAMES, source, phase, increment);
  else if (interpolation == 8) run(8, samples, PERIOD_FRAMES, source, phase, increment);
  else run(2, samples, PERIOD_FRAMES, source, phase, increment);
  store<i64>(voice, phase + increment * PERIOD_FRAMES, PHASE);
}

/** Interpolates one period into the sample work space; returns false once a sample that does not loop has ended. */
export function oscillate(voice: usize, increment: i64): bool {
  let phase = load<i64>(voice, PHASE);
  const tailFrom = load<i32>(voice, TAIL_FROM);
  const wrap = load<i32>(voice, WRAP_LENGTH);
  const wrapAt = load<i32>(voice, WRAP_AT);
  let done: i32 = 0;
  while (done < PERIOD_FRAMES) {
    const position = <i32>(phase >> 32);
    let source = <usize>load<i32>(voice, SAMPLE);
    let limit = tailFrom;
    if (position >= tailFrom) {
      if (wrap == 0) {
        memory.fill(samples + (<usize>done << 2), 0, <usize>(PERIOD_FRAMES - done) << 2);
        store<i64>(voice, phase, PHASE);
        return false;
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
    if (interpolation == 4) phase = run(4, out, count, source, phase, increment);
    else if (interpolation == 8) phase = run(8, out, count, source, phase, increment);
    else phase = run(2, out, count, source, phase, increment);
    done += count;
  }
  store<i64>(voice, phase, PHASE);
  return true;
}
