import type { BitWriter } from './bit-writer.js';

const { floor, log2, max, min } = Math;
const MOST_PARTITION_ORDER = 6;
const MOST_PARTITIONS = 1 << MOST_PARTITION_ORDER;
const POWERS = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** exponent);

/** How a residual is coded: 2^order partitions, each with its Rice parameter. */
export interface RiceCoding {
  order: number;
  readonly parameters: Uint8Array;
  /** Estimated size in bits. */
  bits: number;
}

export function createRiceCoding(): RiceCoding {
  return { order: 0, parameters: new Uint8Array(MOST_PARTITIONS), bits: 0 };
}

const sums = new Float64Array(MOST_PARTITIONS);
const candidate = new Uint8Array(MOST_PARTITIONS);

/**
 * Chooses partitions and parameters for `residual[from..length)` of a block of `length` samples whose predictor has order `from`
 * (RFC 9639 section 9.2.7), by the sum of magnitudes of each partition.
 *
 * @param largestParameter 14 for the 4-bit method, 30 for the 5-bit method
 */
export function chooseRiceCoding(
  residual: Float64Array,
  from: number,
  length: number,
  largestParameter: number,
  coding: RiceCoding,
): void {
  let order = MOST_PARTITION_ORDER;
  while (order > 0 && (length % (1 << order) !== 0 || length >> order <= from)) order--;
  const size = length >> order;
  for (let partition = 0; partition < 1 << order; partition++) {
    let sum = 0;
    const end = (partition + 1) * size;
    for (let i = partition === 0 ? from : partition * size; i < end; i++) {
      const value = residual[i]!;
      // Zigzag: 0 -1 1 -2 become 0 1 2 3.
      sum += value < 0 ? -2 * value - 1 : 2 * value;
    }
    sums[partition] = sum;
  }
  coding.bits = Number.POSITIVE_INFINITY;
  const parameterBits = largestParameter > 14 ? 5 : 4;
  for (; order >= 0; order--) {
    const partitions = 1 << order;
    let bits = 6;
    for (let partition = 0; partition < partitions; partition++) {
      const count = (length >> order) - (partition === 0 ? from : 0);
      const parameter = bestParameter(sums[partition]!, count, largestParameter);
      candidate[partition] = parameter;
      bits += parameterBits + codedBits(sums[partition]!, count, parameter);
    }
    if (bits < coding.bits) {
      coding.bits = bits;
      coding.order = order;
      coding.parameters.set(candidate);
    }
    for (let i = 0; i < partitions >> 1; i++) sums[i] = sums[2 * i]! + sums[2 * i + 1]!;
  }
}

function codedBits(sum: number, count: number, parameter: number): number {
  // A value loses about half a unit of its quotient to truncation.
  const quotients = sum / POWERS[parameter]! - count / 2;
  return count * (parameter + 1) + max(0, quotients);
}

function bestParameter(sum: number, count: number, largest: number): number {
  if (count === 0 || sum <= count) return 0;
  const guess = min(largest, floor(log2(sum / count)));
  const above = guess < largest ? guess + 1 : guess;
  const below = guess > 0 ? guess - 1 : guess;
  let best = guess;
  if (codedBits(sum, count, above) < codedBits(sum, count, best)) best = above;
  if (codedBits(sum, count, below) < codedBits(sum, count, best)) best = below;
  return best;
}

/** Writes `residual[from..length)`. */
export function writeResidual(
  writer: BitWriter,
  residual: Float64Array,
  from: number,
  length: number,
  largestParameter: number,
  coding: RiceCoding,
): void {
  const parameterBits = largestParameter > 14 ? 5 : 4;
  writer.write(largestParameter > 14 ? 1 : 0, 2);
  writer.write(coding.order, 4);
  const size = length >> coding.order;
  for (let partition = 0; partition < 1 << coding.order; partition++) {
    const parameter = coding.parameters[partition]!;
    writer.write(parameter, parameterBits);
    const divisor = POWERS[parameter]!;
    const end = (partition + 1) * size;
    for (let i = partition === 0 ? from : partition * size; i < end; i++) {
      const value = residual[i]!;
      const folded = value < 0 ? -2 * value - 1 : 2 * value;
      const quotient = floor(folded / divisor);
      writer.writeUnary(quotient, folded - quotient * divisor, parameter);
    }
  }
}
