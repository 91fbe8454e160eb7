import { ScoreError } from '../score-error.js';
import type { ScoreLimits } from '../score-limits.js';

/** The container of Guitar Pro 6 files is a small file system of sectors of this size. */
const SECTOR = 4096;
const FILE_ENTRY = 2;
const ENTRY_NAME = 4;
const ENTRY_SIZE = 140;
const ENTRY_SECTORS = 148;
const LONGEST_NAME = 127;

/**
 * Takes one file out of a Guitar Pro 6 container: BCFS, or BCFZ which is the same compressed.
 * @throws ScoreError when it is damaged, too large or has no such file.
 */
export function fileInGpx(bytes: Uint8Array, name: string, limits: ScoreLimits): Uint8Array {
  const compressed = bytes[3] === 0x5a;
  const data = compressed ? decompress(bytes, limits) : bytes.subarray(4);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let entry = SECTOR; entry + ENTRY_SECTORS <= data.length; entry += SECTOR) {
    if (view.getInt32(entry, true) !== FILE_ENTRY || entryName(data, entry) !== name) continue;
    return readSectors(view, entry);
  }
  throw ScoreError.unreadable(`The Guitar Pro 6 file has no ${name} in it. Send the file again whole.`);
}

function entryName(data: Uint8Array, entry: number): string {
  const stretch = data.subarray(entry + ENTRY_NAME, entry + ENTRY_NAME + LONGEST_NAME);
  const end = stretch.indexOf(0);
  return Buffer.from(end < 0 ? stretch : stretch.subarray(0, end)).toString('latin1');
}

/** A file's sectors are listed by number behind its size, up to a zero. */
function readSectors(view: DataView, entry: number): Uint8Array {
  const size = view.getInt32(entry + ENTRY_SIZE, true);
  const pieces: Uint8Array[] = [];
  // A file never has more sectors than the container: a list that goes on is damaged.
  const most = Math.ceil(view.byteLength / SECTOR);
  for (let at = entry + ENTRY_SECTORS; at + 4 <= view.byteLength && pieces.length < most; at += 4) {
    const sector = view.getInt32(at, true);
    if (sector === 0) break;
    const start = sector * SECTOR;
    if (start < 0 || start >= view.byteLength) break;
    pieces.push(new Uint8Array(view.buffer, view.byteOffset + start, Math.min(SECTOR, view.byteLength - start)));
  }
  return Buffer.concat(pieces).subarray(0, Math.max(0, size));
}

/** Bits from the highest down; a 1 copies earlier bytes, a 0 is followed by up to three bytes as they are. The first four bytes are the header again. */
function decompress(bytes: Uint8Array, limits: ScoreLimits): Uint8Array {
  if (bytes.length < 8) throw ScoreError.unreadable('The Guitar Pro 6 file is cut off.');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  if (length > limits.maxInflatedBytes)
    throw ScoreError.tooLarge('bytes once inflated', length, limits.maxInflatedBytes);
  const output = new Uint8Array(length);
  let written = 0;
  let bit = 64;
  const lastBit = 8 * bytes.length;
  const readBit = () => (bit < lastBit ? (bytes[bit >> 3]! >> (7 - (bit++ & 7))) & 1 : 0);
  const bits = (count: number) => {
    let value = 0;
    for (let index = 0; index < count; index++) value = (value << 1) | readBit();
    return value;
  };
  const reversedBits = (count: number) => {
    let value = 0;
    for (let index = 0; index < count; index++) value |= readBit() << index;
    return value;
  };
  while (written < length && bit < lastBit) {
    if (readBit() === 1) {
      const width = bits(4);
      const offset = reversedBits(width);
      const size = Math.min(reversedBits(width), offset, length - written);
      if (offset > written)
        throw ScoreError.unreadable('The Guitar Pro 6 file is damaged: it copies what it has not had yet.');
      output.copyWithin(written, written - offset, written - offset + size);
      written += size;
    } else {
      const size = Math.min(reversedBits(2), length - written);
      for (let index = 0; index < size; index++) output[written++] = bits(8);
    }
  }
  return output.subarray(4, written);
}
