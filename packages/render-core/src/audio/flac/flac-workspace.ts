import { KernelBlocks } from '../../synth/kernel-blocks.js';
import { type Kernel, kernelMemory } from '../../synth/kernel-memory.js';
import { crc16Tables } from './crc.js';

export const FLAC_BLOCK_SIZE = 4096;
/** Differences up to the fourth order. */
const DIFFERENCE_ORDERS = 5;
export const MOST_RICE_PARTITIONS = 64;
export const MOST_LPC_ORDER = 10;
const LAGS = 12;
/** The kernel reads and writes whole groups of 8 samples. */
const ROOM = 8;
/** Zeros before a signal whose autocorrelation is taken. */
const ZEROS = 16;
/** Twice what a block of two channels of 25 bits takes as it stands. */
const FRAME_BYTES = 2 * 4 * 2 * FLAC_BLOCK_SIZE;

/** Samples of a channel, and how large its differences are (see the kernel's `sumDifferences`). */
export interface ChannelLine {
  readonly address: number;
  readonly samples: Int32Array;
  readonly differencesAddress: number;
  readonly differences: Float32Array;
}

/** Where the kernel encodes FLAC: one block at a time. */
export class FlacWorkspace {
  readonly kernel: Kernel;
  readonly left: ChannelLine;
  readonly right: ChannelLine;
  readonly middle: ChannelLine;
  readonly side: ChannelLine;
  /** Samples as doubles, and these windowed. */
  readonly wide: number;
  readonly window: Float64Array;
  readonly windowed: number;
  readonly autocorrelation: Float64Array;
  readonly coefficients: Float64Array;
  readonly fixedResidual: number;
  readonly linearResidual: number;
  readonly riceSums: Float64Array;
  readonly frame: Uint8Array;
  readonly crcTables: number;
  readonly #blocks = new KernelBlocks(kernelMemory());

  constructor() {
    const memory = kernelMemory();
    const take = (bytes: number) => this.#blocks.take(bytes);
    const doubles = (count: number) => memory.float64(take(8 * count), count);
    const line = (): ChannelLine => {
      const address = take(4 * (FLAC_BLOCK_SIZE + ROOM));
      const differencesAddress = take(4 * DIFFERENCE_ORDERS);
      return {
        address,
        samples: memory.int32(address, FLAC_BLOCK_SIZE),
        differencesAddress,
        differences: memory.float32(differencesAddress, DIFFERENCE_ORDERS),
      };
    };
    this.kernel = memory.kernel;
    this.left = line();
    this.right = line();
    this.middle = line();
    this.side = line();
    this.wide = take(8 * (FLAC_BLOCK_SIZE + ROOM));
    this.window = doubles(FLAC_BLOCK_SIZE + ROOM);
    this.windowed = take(8 * (ZEROS + FLAC_BLOCK_SIZE + ROOM)) + 8 * ZEROS;
    this.autocorrelation = doubles(LAGS);
    this.coefficients = doubles(MOST_LPC_ORDER);
    this.fixedResidual = take(4 * (FLAC_BLOCK_SIZE + ROOM));
    this.linearResidual = take(4 * (FLAC_BLOCK_SIZE + ROOM));
    this.riceSums = doubles(MOST_RICE_PARTITIONS);
    this.frame = memory.bytes(take(FRAME_BYTES), FRAME_BYTES);
    const tables = crc16Tables();
    this.crcTables = take(tables.byteLength);
    memory.int16(this.crcTables, tables.length).set(tables);
  }

  close(): void {
    this.#blocks.close();
  }
}
