import type { BitWriter } from './bit-writer.js';
import { COEFFICIENT_BITS, LinearPrediction, MOST_LPC_ORDER, type Predictor } from './linear-prediction.js';
import { chooseRiceCoding, createRiceCoding, type RiceCoding, writeResidual } from './rice.js';

const { floor } = Math;
const MOST_FIXED_ORDER = 4;
const LARGEST_INT32 = 0x7fffffff;

/** Encodes one channel of a block the shortest of four ways: constant, verbatim, fixed or linear prediction (RFC 9639 section 9.2). */
export class SubframeEncoder {
  private readonly prediction: LinearPrediction;
  private readonly predictor: Predictor = { order: 0, shift: 0, coefficients: new Float64Array(MOST_LPC_ORDER) };
  private readonly fixedResidual: Float64Array;
  private readonly linearResidual: Float64Array;
  private readonly fixedCoding: RiceCoding = createRiceCoding();
  private readonly linearCoding: RiceCoding = createRiceCoding();

  constructor(blockSize: number) {
    this.prediction = new LinearPrediction(blockSize);
    this.fixedResidual = new Float64Array(blockSize);
    this.linearResidual = new Float64Array(blockSize);
  }

  /** @param bits size of a sample, one more than the file's for a side channel */
  write(writer: BitWriter, samples: Float64Array, length: number, bits: number): void {
    if (isConstant(samples, length)) {
      writer.write(0, 8);
      writer.write(samples[0]!, bits);
      return;
    }
    const largest = bits > 17 ? 30 : 14;
    const fixedOrder = bestFixedOrder(samples, length);
    fixedDifferences(samples, length, fixedOrder, this.fixedResidual);
    chooseRiceCoding(this.fixedResidual, fixedOrder, length, largest, this.fixedCoding);
    const fixedBits = fixedOrder * bits + this.fixedCoding.bits;
    const linearBits = this.tryLinear(samples, length, bits, largest);
    if (Math.min(fixedBits, linearBits) >= length * bits) {
      writer.write(0b00000010, 8);
      for (let i = 0; i < length; i++) writer.write(samples[i]!, bits);
    } else if (linearBits < fixedBits) {
      this.writeLinear(writer, samples, length, bits, largest);
    } else {
      writer.write((0b001000 | fixedOrder) << 1, 8);
      for (let i = 0; i < fixedOrder; i++) writer.write(samples[i]!, bits);
      writeResidual(writer, this.fixedResidual, fixedOrder, length, largest, this.fixedCoding);
    }
  }

  /** Estimated bits of linear prediction; infinite when it does not apply. */
  private tryLinear(samples: Float64Array, length: number, bits: number, largest: number): number {
    const { predictor, linearResidual, linearCoding } = this;
    this.prediction.find(samples, length, bits, predictor);
    const { order, shift, coefficients } = predictor;
    if (order === 0) return Number.POSITIVE_INFINITY;
    const scale = 2 ** -shift;
    for (let i = order; i < length; i++) {
      // Products of 14 and 25 bits summed ten times stay far below 2^53: exact, so two sums side by side are as good as one, and quicker.
      let even = 0;
      let odd = 0;
      let k = 0;
      for (; k + 1 < order; k += 2) {
        even += coefficients[k]! * samples[i - 1 - k]!;
        odd += coefficients[k + 1]! * samples[i - 2 - k]!;
      }
      if (k < order) even += coefficients[k]! * samples[i - 1 - k]!;
      const residual = samples[i]! - floor((even + odd) * scale);
      if (residual > LARGEST_INT32 || residual < -LARGEST_INT32) return Number.POSITIVE_INFINITY;
      linearResidual[i] = residual;
    }
    chooseRiceCoding(linearResidual, order, length, largest, linearCoding);
    return order * (bits + COEFFICIENT_BITS) + 9 + linearCoding.bits;
  }

  private writeLinear(writer: BitWriter, samples: Float64Array, length: number, bits: number, largest: number): void {
    const { order, shift, coefficients } = this.predictor;
    writer.write((0b100000 | (order - 1)) << 1, 8);
    for (let i = 0; i < order; i++) writer.write(samples[i]!, bits);
    writer.write(COEFFICIENT_BITS - 1, 4);
    writer.write(shift, 5);
    for (let k = 0; k < order; k++) writer.write(coefficients[k]!, COEFFICIENT_BITS);
    writeResidual(writer, this.linearResidual, order, length, largest, this.linearCoding);
  }
}

function isConstant(samples: Float64Array, length: number): boolean {
  const first = samples[0]!;
  for (let i = 1; i < length; i++) if (samples[i] !== first) return false;
  return true;
}

/** The order whose differences have the smallest sum of magnitudes. */
function bestFixedOrder(samples: Float64Array, length: number): number {
  if (length <= MOST_FIXED_ORDER) return 0;
  let [a, b, c, d, e] = [0, 0, 0, 0, 0];
  for (let i = MOST_FIXED_ORDER; i < length; i++) {
    const s0 = samples[i]!;
    const s1 = samples[i - 1]!;
    const s2 = samples[i - 2]!;
    const s3 = samples[i - 3]!;
    const s4 = samples[i - 4]!;
    const d1 = s0 - s1;
    const d2 = d1 - s1 + s2;
    const d3 = d2 - (s1 - 2 * s2 + s3);
    const d4 = d3 - (s1 - 3 * s2 + 3 * s3 - s4);
    a += s0 < 0 ? -s0 : s0;
    b += d1 < 0 ? -d1 : d1;
    c += d2 < 0 ? -d2 : d2;
    d += d3 < 0 ? -d3 : d3;
    e += d4 < 0 ? -d4 : d4;
  }
  const sums = [a, b, c, d, e];
  return sums.indexOf(Math.min(...sums));
}

/** Sum of the magnitudes of second differences: a quick guess at how well a channel can be predicted. */
export function roughness(samples: Float64Array, length: number): number {
  let sum = 0;
  for (let i = 2; i < length; i++) {
    const difference = samples[i]! - 2 * samples[i - 1]! + samples[i - 2]!;
    sum += difference < 0 ? -difference : difference;
  }
  return sum;
}

function fixedDifferences(samples: Float64Array, length: number, order: number, residual: Float64Array): void {
  for (let i = order; i < length; i++) {
    const s = samples;
    switch (order) {
      case 0:
        residual[i] = s[i]!;
        break;
      case 1:
        residual[i] = s[i]! - s[i - 1]!;
        break;
      case 2:
        residual[i] = s[i]! - 2 * s[i - 1]! + s[i - 2]!;
        break;
      case 3:
        residual[i] = s[i]! - 3 * s[i - 1]! + 3 * s[i - 2]! - s[i - 3]!;
        break;
      default:
        residual[i] = s[i]! - 4 * s[i - 1]! + 6 * s[i - 2]! - 4 * s[i - 3]! + s[i - 4]!;
    }
  }
}
