/** Fractions of a frame that the tables hold coefficients for. */
const PHASES = 1024;
const POINTS = [2, 4, 8] as const;
/**
 * Full scale of a coefficient; the coefficients of one phase add up to this exactly, so that a constant stays constant.
 * The middle one of a sinc is a little more than all together, and has to fit into 16 bits.
 */
const UNITY = 32700;

export const COEFFICIENT_BYTES = PHASES * 2 * (POINTS[0] + POINTS[1] + POINTS[2]);

/** Full scale of what the kernel's oscillator makes: 16-bit samples times coefficients. */
export const OSCILLATOR_SCALE = 1 / (32768 * UNITY);

/** Writes the tables as the kernel expects them: all phases of 2, then of 4, then of 8 points. */
export function fillCoefficients(out: Int16Array): void {
  let at = 0;
  for (const points of POINTS) {
    for (let phase = 0; phase < PHASES; phase++) {
      out.set(coefficients(points, phase / PHASES), at);
      at += points;
    }
  }
}

/** Coefficients of the frames around a position `x` (0 to 1) past the middle one, as integers. */
function coefficients(points: (typeof POINTS)[number], x: number): number[] {
  const exact = points === 2 ? [1 - x, x] : points === 4 ? cubic(x) : sinc(points, x);
  const sum = exact.reduce((total, value) => total + value, 0);
  const rounded = exact.map((value) => Math.round((value / sum) * UNITY));
  const largest = rounded.indexOf(Math.max(...rounded));
  rounded[largest]! += UNITY - rounded.reduce((total, value) => total + value, 0);
  return rounded;
}

/** Catmull and Rom's cubic through four points. */
function cubic(x: number): number[] {
  return [
    x * (-0.5 + x * (1 - 0.5 * x)),
    1 + x * x * (1.5 * x - 2.5),
    x * (0.5 + x * (2 - 1.5 * x)),
    x * x * (0.5 * x - 0.5),
  ];
}

/** Sinc with a Kaiser window. */
function sinc(points: number, x: number): number[] {
  const before = points / 2 - 1;
  const beta = 5;
  return Array.from({ length: points }, (_, point) => {
    const distance = point - before - x;
    const across = distance / (points / 2);
    const window = Math.abs(across) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - across * across)) / bessel(beta);
    const phase = Math.PI * distance;
    return window * (distance === 0 ? 1 : Math.sin(phase) / phase);
  });
}

/** Modified Bessel function of the first kind and order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 32; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
