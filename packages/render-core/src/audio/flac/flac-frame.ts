import { crc8 } from './crc.js';
import { type ChannelLine, FLAC_BLOCK_SIZE, FlacWorkspace } from './flac-workspace.js';
import { SubframeEncoder } from './subframe.js';

const RATE_CODES = new Map([
  [88200, 1],
  [176400, 2],
  [192000, 3],
  [8000, 4],
  [16000, 5],
  [22050, 6],
  [24000, 7],
  [32000, 8],
  [44100, 9],
  [48000, 10],
  [96000, 11],
]);
/** Channel assignments (RFC 9639 section 9.1.3). */
const MONO = 0;
const LEFT_RIGHT = 1;
const LEFT_SIDE = 8;
const SIDE_RIGHT = 9;
const MIDDLE_SIDE = 10;

/** Encodes blocks of whole numbers as FLAC frames (RFC 9639 section 9). */
export class FlacFrameEncoder {
  private readonly work = new FlacWorkspace();
  private readonly subframes = new SubframeEncoder(this.work);

  constructor(
    private readonly sampleRate: number,
    private readonly bitDepth: 16 | 24,
    private readonly channelCount: 1 | 2,
  ) {}

  /** The block's samples, to be filled before {@link encode}: one array for each channel. */
  get lines(): readonly Int32Array[] {
    const { left, right } = this.work;
    return this.channelCount === 1 ? [left.samples] : [left.samples, right.samples];
  }

  /**
   * @param length samples in {@link lines}, 1 to {@link FLAC_BLOCK_SIZE}; only the last block of a file is shorter
   * @returns the frame; valid until the next call
   */
  encode(length: number, frameNumber: number): Uint8Array {
    const { work, subframes, bitDepth, channelCount } = this;
    const { kernel, left, right, middle, side, frame } = work;
    const assignment = channelCount === 1 ? MONO : this.chooseAssignment(length);
    kernel.startBits(frame.byteOffset);
    for (const byte of this.header(length, assignment, frameNumber)) kernel.putBits(byte, 8);
    switch (assignment) {
      case MONO:
        this.measure(left, length);
        subframes.write(left, length, bitDepth);
        break;
      case LEFT_RIGHT:
        subframes.write(left, length, bitDepth);
        subframes.write(right, length, bitDepth);
        break;
      case LEFT_SIDE:
        subframes.write(left, length, bitDepth);
        subframes.write(side, length, bitDepth + 1);
        break;
      case SIDE_RIGHT:
        subframes.write(side, length, bitDepth + 1);
        subframes.write(right, length, bitDepth);
        break;
      default:
        subframes.write(middle, length, bitDepth);
        subframes.write(side, length, bitDepth + 1);
    }
    const end = kernel.finishBits();
    kernel.startBits(end);
    kernel.putBits(kernel.crc16(work.crcTables, frame.byteOffset, end), 16);
    return frame.subarray(0, kernel.finishBits() - frame.byteOffset);
  }

  close(): void {
    this.work.close();
  }

  /** Bits of a sample grow with the logarithm of what a predictor leaves of it; second differences are a quick guess at that. */
  private chooseAssignment(length: number): number {
    const { kernel, left, right, middle, side } = this.work;
    kernel.middleAndSide(left.address, right.address, middle.address, side.address, length);
    const [l, r, m, s] = [left, right, middle, side].map((line) => this.measure(line, length));
    const least = Math.min(l! + r!, l! + s!, s! + r!, m! + s!);
    if (least === l! + r!) return LEFT_RIGHT;
    if (least === m! + s!) return MIDDLE_SIDE;
    return least === l! + s! ? LEFT_SIDE : SIDE_RIGHT;
  }

  /** Measures a line's differences; returns about how many bits a sample of it takes. */
  private measure(line: ChannelLine, length: number): number {
    this.work.kernel.sumDifferences(line.address, length, line.differencesAddress);
    return Math.log2(1 + line.differences[2]! / length);
  }

  /** All fields of a header end at whole bytes. */
  private header(length: number, assignment: number, frameNumber: number): Uint8Array {
    const whole = length === FLAC_BLOCK_SIZE;
    const rate = rateField(this.sampleRate);
    const bytes = [
      0xff,
      0xf8,
      ((whole ? 12 : 7) << 4) | rate.code,
      (assignment << 4) | (this.bitDepth === 16 ? 8 : 12),
    ];
    bytes.push(...codedNumber(frameNumber));
    if (!whole) bytes.push((length - 1) >> 8, (length - 1) & 0xff);
    if (rate.bits === 16) bytes.push(rate.value >> 8);
    if (rate.bits > 0) bytes.push(rate.value & 0xff);
    return Uint8Array.of(...bytes, crc8(Uint8Array.from(bytes)));
  }
}

/** The extended UTF-8 of RFC 9639 section 9.1.5, up to 31 bits. */
function codedNumber(value: number): number[] {
  if (value < 0x80) return [value];
  let count = 2;
  while (value >= 2 ** (5 * count + 1)) count++;
  const bytes = [((0xff00 >> count) & 0xff) | (value >>> (6 * (count - 1)))];
  for (let i = count - 2; i >= 0; i--) bytes.push(0x80 | ((value >>> (6 * i)) & 0x3f));
  return bytes;
}

/** How a frame header says the sample rate, so that a stream can be joined anywhere: by a code, in kHz, in Hz, in tens of Hz, or not at all. */
function rateField(sampleRate: number): { code: number; value: number; bits: number } {
  const code = RATE_CODES.get(sampleRate);
  if (code !== undefined) return { code, value: 0, bits: 0 };
  if (sampleRate % 1000 === 0 && sampleRate <= 255000) return { code: 12, value: sampleRate / 1000, bits: 8 };
  if (sampleRate <= 65535) return { code: 13, value: sampleRate, bits: 16 };
  if (sampleRate % 10 === 0) return { code: 14, value: sampleRate / 10, bits: 16 };
  return { code: 0, value: 0, bits: 0 };
}
