/** Adds a vector to `out`, or its first lanes when fewer than four frames are left. */
// @ts-ignore: decorator
@inline
export function addVector(out: usize, v: v128, left: i32): void {
  if (left >= 4) {
    v128.store(out, f32x4.add(v128.load(out), v));
    return;
  }
  store<f32>(out, load<f32>(out) + f32x4.extract_lane(v, 0));
  if (left > 1) store<f32>(out, load<f32>(out, 4) + f32x4.extract_lane(v, 1), 4);
  if (left > 2) store<f32>(out, load<f32>(out, 8) + f32x4.extract_lane(v, 2), 8);
}
