/** Triangle from 0 over 1 and -1 back to 0, one cycle per unit of phase in 0..1 (SF2.04 9.1.5). */
// @ts-ignore: decorator
@inline
export function triangle(phase: f32): f32 {
  const quarter: f32 = phase + 0.25;
  const wrapped: f32 = quarter - floor<f32>(quarter);
  return <f32>1.0 - abs<f32>(<f32>4.0 * wrapped - <f32>2.0);
}

/** Moves a phase on by `frames` frames, less those that fall into the delay. */
// @ts-ignore: decorator
@inline
export function advance(phase: f32, step: f32, delay: i32, age: i32, frames: i32): f32 {
  const running = min<i32>(frames, age + frames - delay);
  if (running <= 0) return phase;
  const moved: f32 = phase + step * <f32>running;
  return moved - floor<f32>(moved);
}
