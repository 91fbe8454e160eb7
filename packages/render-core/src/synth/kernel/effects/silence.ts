/** True when `frames` samples are zeros. */
export function isSilent(samples: usize, frames: i32): bool {
  const vectors = samples + (<usize>(frames & ~3) << 2);
  const end = samples + (<usize>frames << 2);
  const unsigned = i32x4.splat(0x7fffffff);
  for (; samples < vectors; samples += 16) if (v128.any_true(v128.and(v128.load(samples), unsigned))) return false;
  for (; samples < end; samples += 4) if (load<f32>(samples) != 0) return false;
  return true;
}
