/** Fractions of a frame that the tables hold coefficients for. */
const PHASES = 1024;
const POINTS = [2, 4, 8] as const;
/**
 * Full scale of a coefficient; the coefficients of one phase add up to this exactly, so that a constant stays constant.
 * The middle one of eight can be a little more than all together, and has to fit into 16 bits.
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
  const exact = points === 2 ? [1 - x, x] : points === 4 ? cubic(x) : quintic(x);
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

/**
 * The first four of eight coefficients as polynomials of x - 1/2, lowest power first; the others are their mirror images.
 *
 * For every x they are the least squares of |sum c(k) e^(i w (k - x)) - 1| / (f + 0.003)^1.1 over frequencies f = w / 2 pi of 0 to 0.3 of the sample rate, with
 * sum c(k) = 1 and sum c(k) (k - x) = 0, so that constants and straight lines stay what they are: errors are smallest where music is loudest.
 * Polynomials of the fifth degree are as near to these solutions as 16 bits can tell.
 */
const QUINTIC = [
  [-0.0084417, 0.0020669, 0.0395423, -0.0096467, -0.0231367, 0.0055203],
  [0.0450771, -0.0166785, -0.2079372, 0.0766812, 0.1106435, -0.0398899],
  [-0.1497774, 0.0972354, 0.6493225, -0.4202693, -0.2010421, 0.1253674],
  [0.613142, -1.2227819, -0.4809276, 0.9449292, 0.1135352, -0.2152945],
] as const;

/** Eight points, made for images of at most -60 dB up to a quarter of the sample rate. */
function quintic(x: number): number[] {
  const left = QUINTIC.map((polynomial) => valueAt(polynomial, x - 0.5));
  const right = QUINTIC.map((polynomial) => valueAt(polynomial, 0.5 - x));
  return [...left, ...right.reverse()];
}

function valueAt(polynomial: readonly number[], x: number): number {
  return polynomial.reduceRight((value, coefficient) => value * x + coefficient, 0);
}
