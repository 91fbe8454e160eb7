/** kbit/s by index, MPEG-1 and MPEG-2 layer III (ISO 11172-3 2.4.2.3, ISO 13818-3 2.4.2.3). */
const BITRATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/** Constant bit rates that the encoder has at a sample rate; MPEG-2.5 (up to 12 kHz) ends at 64 kbit/s in LAME. */
export function mp3Bitrates(sampleRate: number): readonly number[] {
  if (sampleRate >= 32000) return [32, 40, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
  if (sampleRate >= 16000) return [32, 40, 48, 64, 80, 96, 112, 128, 160];
  return [32, 40, 48, 64];
}

/** Frames of audio in one MP3 frame. */
export function mp3FrameLength(sampleRate: number): number {
  return sampleRate >= 32000 ? 1152 : 576;
}

/** Where the LAME extension begins in the tag. */
const LAME = 120;

/** What the first frame's header says that a frame before it must repeat. */
export interface Mp3Header {
  readonly bytes: Uint8Array;
  readonly mpeg1: boolean;
  readonly sideInfoBytes: number;
}

/** @throws RangeError when the bytes are not the header of a layer III frame */
export function parseMp3Header(bytes: Uint8Array): Mp3Header {
  if (bytes[0] !== 0xff || (bytes[1]! & 0xe6) !== 0xe2) throw new RangeError('not an MP3 frame header');
  const mpeg1 = (bytes[1]! & 0x18) === 0x18;
  const mono = bytes[3]! >> 6 === 3;
  return { bytes: bytes.slice(0, 4), mpeg1, sideInfoBytes: mpeg1 ? (mono ? 17 : 32) : mono ? 9 : 17 };
}

export interface InfoFrameFields {
  /** Frames that follow the info frame. */
  readonly frameCount: number;
  /** Bytes of all frames, the info frame included. */
  readonly byteCount: number;
  /** Frames of audio that decoders have to drop at the start and at the end. */
  readonly delay: number;
  readonly padding: number;
}

/**
 * The `Info` frame that stands before the frames of a file of constant bit rate, a frame of silence to decoders that do not know it. It tells the length,
 * where to seek, and what the encoder has added at both ends, so that players can drop it (the LAME tag, after Gabriel Bouvigne's "Mp3 Info Tag rev 1").
 */
export function infoFrame(header: Mp3Header, sampleRate: number, fields: InfoFrameFields): Uint8Array {
  const needed = 4 + header.sideInfoBytes + 156;
  const rates = header.mpeg1 ? BITRATES_1 : BITRATES_2;
  const size = (index: number) => Math.floor(((header.mpeg1 ? 144000 : 72000) * rates[index]!) / sampleRate);
  let index = 1;
  while (size(index) < needed) index++;
  const frame = new Uint8Array(size(index));
  frame.set(header.bytes);
  frame[1]! |= 1; // no checksum
  frame[2] = (index << 4) | (header.bytes[2]! & 0x0c); // no padding
  const view = new DataView(frame.buffer, 4 + header.sideInfoBytes);
  const ascii = (at: number, text: string) => {
    for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
  };
  ascii(0, 'Info');
  view.setUint32(4, 0xf); // frame count, byte count, table of contents and quality are present
  view.setUint32(8, fields.frameCount);
  view.setUint32(12, Math.min(0xffffffff, fields.byteCount));
  for (let i = 0; i < 100; i++) view.setUint8(16 + i, Math.floor((i * 256) / 100));
  ascii(LAME, 'LAME3.100');
  view.setUint8(LAME + 9, 0x01); // tag revision 0, constant bit rate
  const bitrate = rates[header.bytes[2]! >> 4]!;
  view.setUint8(LAME + 20, Math.min(255, bitrate));
  const delays = fields.delay * 4096 + Math.min(4095, fields.padding);
  view.setUint8(LAME + 21, delays >> 16);
  view.setUint16(LAME + 22, delays & 0xffff);
  view.setUint32(LAME + 28, Math.min(0xffffffff, fields.byteCount));
  view.setUint16(LAME + 34, crc16(frame.subarray(0, 4 + header.sideInfoBytes + LAME + 34)));
  return frame;
}

/** CRC-16/ARC, which the tag uses. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
