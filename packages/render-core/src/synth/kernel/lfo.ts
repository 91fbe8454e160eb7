/**
 * A low-frequency oscillator `age` frames after its delay, at `step` cycles per frame: a triangle that starts upwards
 * from 0 and runs between -1 and 1 (SF2.04 9.1.5). It rests before its delay is over.
 */
// @ts-ignore: decorator
@inline
export function triangle(age: i32, step: f32): f32 {
  if (age <= 0) return 0;
  const quarter = <f64>age * <f64>step + 0.25;
  const wrapped = <f32>(quarter - floor(quarter));
  return <f32>1.0 - abs<f32>(<f32>4.0 * wrapped - <f32>2.0);
}
