/** Zeroth-order modified Bessel function of the first kind, by its power series. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * sinc(x) under a Kaiser window that ends at x = ±`crossings`, where x counts zero crossings.
 * `beta` trades the width of the transition for the rejection beyond it (Kaiser and Schafer 1980).
 */
export function windowedSinc(x: number, crossings: number, beta: number): number {
  const u = x / crossings;
  if (u <= -1 || u >= 1) return 0;
  // Exactly, so that reading at whole frames gives back what is there.
  if (Number.isInteger(x)) return x === 0 ? 1 : 0;
  const window = besselI0(beta * Math.sqrt(1 - u * u)) / besselI0(beta);
  return (window * Math.sin(Math.PI * x)) / (Math.PI * x);
}
