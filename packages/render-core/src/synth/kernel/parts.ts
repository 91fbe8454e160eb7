import { ACCUMULATOR_BYTES } from '../voice-layout';

/**
 * Adds `count` frames, from frame `from` of the period on, of every part's accumulators to its buses at frame `offset`.
 * The table has five addresses a part: accumulators, left, right, reverb, chorus; a part whose accumulators are 0 is skipped.
 */
export function distribute(table: usize, parts: i32, from: i32, offset: i32, count: i32): void {
  for (let part: i32 = 0; part < parts; part++, table += 20) {
    const accumulators = <usize>load<i32>(table);
    if (accumulators == 0) continue;
    for (let bus: usize = 0; bus < 4; bus++) {
      add(<usize>load<i32>(table + 4 + (bus << 2)) + (<usize>offset << 2), accumulators + (bus << 8) + (<usize>from << 2), count);
    }
  }
}

/** Silences every part's accumulators, which stand one after the other. */
export function clear(accumulators: usize, parts: i32): void {
  memory.fill(accumulators, 0, <usize>parts * ACCUMULATOR_BYTES);
}

/** Adds `count` frames of one buffer to another. */
export function add(out: usize, from: usize, count: i32): void {
  const vectors = out + (<usize>(count & ~3) << 2);
  const end = out + (<usize>count << 2);
  for (; out < vectors; out += 16, from += 16) v128.store(out, f32x4.add(v128.load(out), v128.load(from)));
  for (; out < end; out += 4, from += 4) store<f32>(out, load<f32>(out) + load<f32>(from));
}
