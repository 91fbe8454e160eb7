import type { ChannelLine, FlacWorkspace } from './flac-workspace.js';
import { COEFFICIENT_BITS, LinearPrediction, type Predictor } from './linear-prediction.js';
import { chooseRiceCoding, createRiceCoding, type RiceCoding, writeResidual } from './rice.js';

const MOST_FIXED_ORDER = 4;
const LARGEST_INT32 = 0x7fffffff;

/** Encodes one channel of a block the shortest of four ways: constant, verbatim, fixed or linear prediction (RFC 9639 section 9.2). */
export class SubframeEncoder {
  private readonly prediction: LinearPrediction;
  private readonly predictor: Predictor = { order: 0, shift: 0 };
  private readonly fixedCoding: RiceCoding = createRiceCoding();
  private readonly linearCoding: RiceCoding = createRiceCoding();

  constructor(private readonly work: FlacWorkspace) {
    this.prediction = new LinearPrediction(work);
  }

  /**
   * @param line whose differences have been measured
   * @param bits size of a sample, one more than the file's for a side channel
   */
  write(line: ChannelLine, length: number, bits: number): void {
    const { work } = this;
    const { kernel, fixedResidual } = work;
    const { address } = line;
    if (kernel.isConstant(address, length) !== 0) {
      kernel.putBits(0, 8);
      kernel.putBits(line.samples[0]!, bits);
      return;
    }
    const largest = bits > 17 ? 30 : 14;
    const fixedOrder = bestFixedOrder(line.differences, length);
    kernel.fixedResidual(address, fixedResidual, length, fixedOrder);
    chooseRiceCoding(work, fixedResidual, fixedOrder, length, largest, this.fixedCoding);
    const fixedBits = fixedOrder * bits + this.fixedCoding.bits;
    const linearBits = this.tryLinear(address, length, bits, largest);
    if (Math.min(fixedBits, linearBits) >= length * bits) {
      kernel.putBits(0b00000010, 8);
      kernel.putNumbers(address, length, bits);
    } else if (linearBits < fixedBits) {
      this.writeLinear(address, length, bits, largest);
    } else {
      kernel.putBits((0b001000 | fixedOrder) << 1, 8);
      kernel.putNumbers(address, fixedOrder, bits);
      writeResidual(work, fixedResidual, fixedOrder, length, largest, this.fixedCoding);
    }
  }

  /** Estimated bits of linear prediction; infinite when it does not apply. */
  private tryLinear(address: number, length: number, bits: number, largest: number): number {
    const { work, predictor, linearCoding } = this;
    const { kernel, wide, linearResidual, coefficients } = work;
    kernel.widen(address, wide, length);
    this.prediction.find(length, bits, predictor);
    const { order, shift } = predictor;
    if (order === 0) return Number.POSITIVE_INFINITY;
    const most = kernel.linearResidual(wide, linearResidual, length, order, coefficients.byteOffset, shift);
    if (most > LARGEST_INT32) return Number.POSITIVE_INFINITY;
    chooseRiceCoding(work, linearResidual, order, length, largest, linearCoding);
    return order * (bits + COEFFICIENT_BITS) + 9 + linearCoding.bits;
  }

  private writeLinear(address: number, length: number, bits: number, largest: number): void {
    const { work } = this;
    const { kernel, coefficients, linearResidual } = work;
    const { order, shift } = this.predictor;
    kernel.putBits((0b100000 | (order - 1)) << 1, 8);
    kernel.putNumbers(address, order, bits);
    kernel.putBits(COEFFICIENT_BITS - 1, 4);
    kernel.putBits(shift, 5);
    for (let k = 0; k < order; k++) kernel.putBits(coefficients[k]!, COEFFICIENT_BITS);
    writeResidual(work, linearResidual, order, length, largest, this.linearCoding);
  }
}

/** The order whose differences have the smallest sum of magnitudes. */
function bestFixedOrder(differences: Float32Array, length: number): number {
  if (length < 2 * MOST_FIXED_ORDER) return 0;
  return differences.indexOf(Math.min(...differences));
}
