import { type FlacWorkspace, MOST_RICE_PARTITIONS } from './flac-workspace.js';

const { clz32, floor, max, min } = Math;
const MOST_PARTITION_ORDER = 6;
const POWERS = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** exponent);

/** How a residual is coded: 2^order partitions, each with its Rice parameter. */
export interface RiceCoding {
  order: number;
  readonly parameters: Uint8Array;
  /** Estimated size in bits. */
  bits: number;
}

export function createRiceCoding(): RiceCoding {
  return { order: 0, parameters: new Uint8Array(MOST_RICE_PARTITIONS), bits: 0 };
}

const candidate = new Uint8Array(MOST_RICE_PARTITIONS);

/**
 * Chooses partitions and parameters for the residual at an address, from sample `from` on, of a block of `length` samples whose predictor has order `from`
 * (RFC 9639 section 9.2.7), by the sum of magnitudes of each partition.
 *
 * @param largestParameter 14 for the 4-bit method, 30 for the 5-bit method
 */
export function chooseRiceCoding(
  { kernel, riceSums: sums }: FlacWorkspace,
  residual: number,
  from: number,
  length: number,
  largestParameter: number,
  coding: RiceCoding,
): void {
  let order = MOST_PARTITION_ORDER;
  while (order > 0 && (length % (1 << order) !== 0 || length >> order <= from)) order--;
  kernel.riceSums(residual, from, length, 1 << order, sums.byteOffset);
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
  const guess = min(largest, 31 - clz32(floor(sum / count)));
  const above = guess < largest ? guess + 1 : guess;
  const below = guess > 0 ? guess - 1 : guess;
  let best = guess;
  if (codedBits(sum, count, above) < codedBits(sum, count, best)) best = above;
  if (codedBits(sum, count, below) < codedBits(sum, count, best)) best = below;
  return best;
}

/** Writes the residual at an address, from sample `from` on. */
export function writeResidual(
  { kernel }: FlacWorkspace,
  residual: number,
  from: number,
  length: number,
  largestParameter: number,
  coding: RiceCoding,
): void {
  const parameterBits = largestParameter > 14 ? 5 : 4;
  kernel.putBits(largestParameter > 14 ? 1 : 0, 2);
  kernel.putBits(coding.order, 4);
  const size = length >> coding.order;
  for (let partition = 0; partition < 1 << coding.order; partition++) {
    const parameter = coding.parameters[partition]!;
    const start = partition === 0 ? from : partition * size;
    kernel.putBits(parameter, parameterBits);
    kernel.putRice(residual + 4 * start, (partition + 1) * size - start, parameter);
  }
}
