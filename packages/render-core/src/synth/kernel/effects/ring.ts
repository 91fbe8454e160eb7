import { RING_LENGTH, RING_POSITION } from '../../effects-layout';

/**
 * Where the `frames` oldest samples of a ring stand one after the other: in the ring itself, or copied to `stage` when they go over its end
 * or are no whole vectors. What is written there in their place becomes the newest samples by {@link leave}.
 */
// @ts-ignore: decorator
@inline
export function enter(ring: usize, stage: usize, frames: i32): usize {
  const samples = <usize>load<i32>(ring);
  const position = load<i32>(ring, RING_POSITION);
  const left = load<i32>(ring, RING_LENGTH) - position;
  const here = samples + (<usize>position << 2);
  if (!(frames & 3) && frames <= left) return here;
  const first = min<i32>(frames, left);
  memory.copy(stage, here, <usize>first << 2);
  memory.copy(stage + (<usize>first << 2), samples, <usize>(frames - first) << 2);
  return stage;
}

/** Moves a ring on by the frames that {@link enter} has shown at `shown`. */
// @ts-ignore: decorator
@inline
export function leave(ring: usize, stage: usize, shown: usize, frames: i32): void {
  const position = load<i32>(ring, RING_POSITION);
  const left = load<i32>(ring, RING_LENGTH) - position;
  if (shown == stage) {
    const samples = <usize>load<i32>(ring);
    const first = min<i32>(frames, left);
    memory.copy(samples + (<usize>position << 2), stage, <usize>first << 2);
    memory.copy(samples, stage + (<usize>first << 2), <usize>(frames - first) << 2);
  }
  store<i32>(ring, frames < left ? position + frames : frames - left, RING_POSITION);
}

/** Silences a ring. */
export function empty(ring: usize): void {
  memory.fill(<usize>load<i32>(ring), 0, <usize>load<i32>(ring, RING_LENGTH) << 2);
}
