import { BitWriter } from './bit-writer.js';
import { crc8, crc16 } from './crc.js';
import { roughness, SubframeEncoder } from './subframe.js';

export const FLAC_BLOCK_SIZE = 4096;
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

/** Encodes blocks of whole numbers as FLAC frames (RFC 9639 section 9). */
export class FlacFrameEncoder {
  private readonly writer = new BitWriter();
  private readonly subframes = new SubframeEncoder(FLAC_BLOCK_SIZE);
  private readonly middle = new Float64Array(FLAC_BLOCK_SIZE);
  private readonly side = new Float64Array(FLAC_BLOCK_SIZE);

  constructor(
    private readonly sampleRate: number,
    private readonly bitDepth: 16 | 24,
  ) {}

  /**
   * @param channels one or two arrays of samples
   * @param length 1 to {@link FLAC_BLOCK_SIZE}; only the last block of a file is shorter
   * @returns the frame; valid until the next call
   */
  encode(channels: readonly Float64Array[], length: number, frameNumber: number): Uint8Array {
    const { writer, subframes, bitDepth, middle, side } = this;
    const left = channels[0]!;
    const right = channels[1];
    writer.reset();
    if (right === undefined) {
      this.writeHeader(length, 0, frameNumber);
      subframes.write(writer, left, length, bitDepth);
      return this.finish();
    }
    for (let i = 0; i < length; i++) {
      side[i] = left[i]! - right[i]!;
      middle[i] = Math.floor((left[i]! + right[i]!) / 2);
    }
    switch (chooseStereo(left, right, middle, side, length)) {
      case 'left-right':
        this.writeHeader(length, 1, frameNumber);
        subframes.write(writer, left, length, bitDepth);
        subframes.write(writer, right, length, bitDepth);
        break;
      case 'left-side':
        this.writeHeader(length, 8, frameNumber);
        subframes.write(writer, left, length, bitDepth);
        subframes.write(writer, side, length, bitDepth + 1);
        break;
      case 'side-right':
        this.writeHeader(length, 9, frameNumber);
        subframes.write(writer, side, length, bitDepth + 1);
        subframes.write(writer, right, length, bitDepth);
        break;
      case 'middle-side':
        this.writeHeader(length, 10, frameNumber);
        subframes.write(writer, middle, length, bitDepth);
        subframes.write(writer, side, length, bitDepth + 1);
        break;
    }
    return this.finish();
  }

  private writeHeader(length: number, channelCode: number, frameNumber: number): void {
    const { writer, sampleRate } = this;
    const whole = length === FLAC_BLOCK_SIZE;
    const rate = rateField(sampleRate);
    writer.write(0xfff8, 16);
    writer.write(whole ? 12 : 7, 4);
    writer.write(rate.code, 4);
    writer.write(channelCode, 4);
    writer.write(this.bitDepth === 16 ? 4 : 6, 3);
    writer.write(0, 1);
    this.writeCodedNumber(frameNumber);
    if (!whole) writer.write(length - 1, 16);
    writer.write(rate.value, rate.bits);
    writer.write(crc8(writer.view()), 8);
  }

  /** The extended UTF-8 of RFC 9639 section 9.1.5, up to 31 bits. */
  private writeCodedNumber(value: number): void {
    if (value < 0x80) {
      this.writer.write(value, 8);
      return;
    }
    let bytes = 2;
    while (value >= 2 ** (5 * bytes + 1)) bytes++;
    this.writer.write(((0xff00 >> bytes) & 0xff) | (value >>> (6 * (bytes - 1))), 8);
    for (let i = bytes - 2; i >= 0; i--) this.writer.write(0x80 | ((value >>> (6 * i)) & 0x3f), 8);
  }

  private finish(): Uint8Array {
    this.writer.align();
    this.writer.write(crc16(this.writer.view()), 16);
    return this.writer.view();
  }
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

type StereoMode = 'left-right' | 'left-side' | 'side-right' | 'middle-side';

function chooseStereo(
  left: Float64Array,
  right: Float64Array,
  middle: Float64Array,
  side: Float64Array,
  length: number,
): StereoMode {
  const l = roughness(left, length);
  const r = roughness(right, length);
  const m = roughness(middle, length);
  const s = roughness(side, length);
  const least = Math.min(l + r, l + s, s + r, m + s);
  if (least === l + r) return 'left-right';
  if (least === m + s) return 'middle-side';
  return least === l + s ? 'left-side' : 'side-right';
}
