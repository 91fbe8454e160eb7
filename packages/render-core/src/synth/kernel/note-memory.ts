import {
  AGE, ALIGNMENT, BUFFER, MEMORY_FRAMES, MEMORY_READ, MEMORY_SOUND, MEMORY_WHOLE, MEMORY_WRITE, PERIOD_FRAMES,
} from '../voice-layout';

/** Keeps the period that a voice has just rendered, and the silence after it should it be the last. */
export function remember(voice: usize, isLast: bool): void {
  const memory_ = <usize>load<i32>(voice, MEMORY_WRITE);
  const frames = load<i32>(memory_, MEMORY_FRAMES);
  const to = memory_ + MEMORY_SOUND + (<usize>frames << 2);
  memory.copy(to, voice + BUFFER + (<usize>load<i32>(voice, ALIGNMENT) << 2), PERIOD_FRAMES * 4);
  store<i32>(memory_, frames + PERIOD_FRAMES, MEMORY_FRAMES);
  if (!isLast) return;
  memory.fill(to + PERIOD_FRAMES * 4, 0, PERIOD_FRAMES * 4);
  store<i32>(memory_, 1, MEMORY_WHOLE);
}

/** Address of the next period of a remembered sound. The voice that writes it began earlier, so it is there. */
export function recall(voice: usize): usize {
  const sound = <usize>load<i32>(voice, MEMORY_READ) + MEMORY_SOUND;
  const age = load<i32>(voice, AGE);
  const before = load<i32>(voice, ALIGNMENT);
  if (age == 0 && before != 0) {
    // The voice begins within this period.
    memory.copy(voice + BUFFER + (<usize>before << 2), sound, <usize>(PERIOD_FRAMES - before) << 2);
    store<i32>(voice, PERIOD_FRAMES - before, AGE);
    return voice + BUFFER;
  }
  store<i32>(voice, age + PERIOD_FRAMES, AGE);
  return sound + (<usize>age << 2);
}

/** True when a remembered sound has been played to its end. */
export function isRecalled(voice: usize): bool {
  const memory_ = <usize>load<i32>(voice, MEMORY_READ);
  return load<i32>(memory_, MEMORY_WHOLE) != 0 && load<i32>(voice, AGE) >= load<i32>(memory_, MEMORY_FRAMES);
}
