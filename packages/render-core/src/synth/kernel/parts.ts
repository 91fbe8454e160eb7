import { ACCUMULATOR_STRIDE } from '../voice-layout';

/** Bytes of a row of the table below: six words. */
const ROW: usize = 24;

// @ts-ignore: decorator
@inline
function isOverwritten(row: usize): bool {
  return load<i32>(row, 20) != 0;
}

// @ts-ignore: decorator
@inline
function busOf(table: usize, bus: i32, offset: i32): usize {
  return <usize>load<i32>(table + 4 + (<usize>bus << 2)) + (<usize>offset << 2);
}

/**
 * Adds `count` frames, from frame `from` of the batch on, of every part's accumulators to its buses at frame `offset`, or puts them in the place of what stands
 * there. The table has five addresses a part: accumulators, left, right, reverb, chorus, of which the first `buses` are in use; then whether to overwrite.
 */
export function distribute(table: usize, parts: i32, buses: i32, from: i32, offset: i32, count: i32): void {
  for (let part: i32 = 0; part < parts; part++, table += ROW) {
    const overwrites = isOverwritten(table);
    let accumulator = <usize>load<i32>(table) + (<usize>from << 2);
    for (let bus: i32 = 0; bus < buses; bus++, accumulator += ACCUMULATOR_STRIDE) {
      if (overwrites) memory.copy(busOf(table, bus, offset), accumulator, <usize>count << 2);
      else add(busOf(table, bus, offset), accumulator, count);
    }
  }
}

/** The same when nothing sounds: silences those of the table's buses that are overwritten. */
export function hush(table: usize, parts: i32, buses: i32, offset: i32, count: i32): void {
  for (let part: i32 = 0; part < parts; part++, table += ROW)
    if (isOverwritten(table)) for (let bus: i32 = 0; bus < buses; bus++) clear(busOf(table, bus, offset), count << 2);
}

/** Silences signals that stand one after the other. */
export function clear(signals: usize, bytes: i32): void {
  memory.fill(signals, 0, bytes);
}

/** Adds `count` frames of one buffer to another. */
export function add(out: usize, from: usize, count: i32): void {
  const vectors = out + (<usize>(count & ~3) << 2);
  const end = out + (<usize>count << 2);
  for (; out < vectors; out += 16, from += 16) v128.store(out, f32x4.add(v128.load(out), v128.load(from)));
  for (; out < end; out += 4, from += 4) store<f32>(out, load<f32>(out) + load<f32>(from));
}
