import { type Kernel, type KernelMemory, kernelMemory } from '../../synth/kernel-memory.js';

/** Most frames that are measured at once. */
export const BENCH_FRAMES = 1024;
/** Samples of the past that lie before a line: what the true peak's interpolator looks back at. */
export const BENCH_PAST = 12;
/** Doubles of K-weighting's state, as the kernel's `weigh` has them: pairs of left and right. */
export const WEIGHING_DOUBLES = 24;

const LINE_FLOATS = 16 + BENCH_FRAMES + 16;
const LINE_BYTES = LINE_FLOATS * 4;
/** The first sample of a line is aligned to 16 bytes. */
const FIRST = 16;

/**
 * A place in kernel memory where signals are laid down to be measured, two lines of samples and a state of K-weighting. Each thread has one;
 * nothing stays on it between two calls, so meters share it.
 */
export class MeasuringBench {
  readonly kernel: Kernel;
  /** Addresses of the first samples of both lines. */
  readonly lines: readonly [number, number];
  readonly stateAddress: number;
  readonly state: Float64Array;
  readonly #floats: readonly [Float32Array, Float32Array];

  constructor(readonly memory: KernelMemory) {
    const address = memory.allocate(2 * LINE_BYTES + WEIGHING_DOUBLES * 8);
    this.kernel = memory.kernel;
    this.lines = [address + FIRST * 4, address + LINE_BYTES + FIRST * 4];
    this.#floats = [memory.float32(address, LINE_FLOATS), memory.float32(address + LINE_BYTES, LINE_FLOATS)];
    this.stateAddress = address + 2 * LINE_BYTES;
    this.state = memory.float64(this.stateAddress, WEIGHING_DOUBLES);
  }

  /** Lays down frames `from` to `from + count`, at most {@link BENCH_FRAMES}, and zeros after them. */
  lay(line: 0 | 1, samples: Float32Array, from: number, count: number): void {
    const floats = this.#floats[line];
    floats.set(from === 0 && count === samples.length ? samples : samples.subarray(from, from + count), FIRST);
    floats.fill(0, FIRST + count, FIRST + count + 16);
  }

  /** Lays down what came before the first sample of a line. */
  layPast(line: 0 | 1, past: Float32Array): void {
    this.#floats[line].set(past, FIRST - BENCH_PAST);
  }

  /** Takes the last samples of a line of `count` samples for the past of the next one. */
  takePast(line: 0 | 1, count: number, past: Float32Array): void {
    past.set(this.#floats[line].subarray(FIRST + count - BENCH_PAST, FIRST + count));
  }
}

let ofThisThread: MeasuringBench | null = null;

/** The bench of this thread. */
export function measuringBench(): MeasuringBench {
  const memory = kernelMemory();
  if (ofThisThread?.memory !== memory) ofThisThread = new MeasuringBench(memory);
  return ofThisThread;
}
