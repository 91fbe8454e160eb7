/** A file in a zip, not yet unpacked. */
export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated; others are not read. */
  readonly method: number;
  /** As the archive states it; nothing more may come of it. */
  readonly size: number;
  readonly packed: Uint8Array;
}

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
/** General purpose bit 11: the name is UTF-8. */
const UTF8_NAME = 0x800;
/** Stands where a number of Zip64 has more than 32 bits, or could have. */
const ELSEWHERE = 0xffffffff;
const EXTRA_64 = 1;

/**
 * The files of a zip by its central directory (PKWARE APPNOTE 4.3 and 4.5.3).
 * @throws RangeError when it is damaged
 */
export function* zipDirectory(bytes: Uint8Array): Generator<ZipEntry> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let { at, count } = findDirectory(view);
  for (; count > 0; count--) {
    if (view.readUInt32LE(at) !== ENTRY) throw new RangeError('no entry of the central directory');
    const nameEnd = at + ENTRY_BYTES + view.readUInt16LE(at + 28);
    const extraEnd = nameEnd + view.readUInt16LE(at + 30);
    const long = longNumbers(view.subarray(nameEnd, extraEnd));
    const [size, packedBytes, local] = [24, 20, 42].map((field) => {
      const number = view.readUInt32LE(at + field);
      return number === ELSEWHERE ? (long.shift() ?? number) : number;
    }) as [number, number, number];
    const start = local + LOCAL_BYTES + view.readUInt16LE(local + 26) + view.readUInt16LE(local + 28);
    if (start + packedBytes > view.length) throw new RangeError('an entry is cut off');
    const encoding = view.readUInt16LE(at + 8) & UTF8_NAME ? 'utf8' : 'latin1';
    yield {
      name: view.toString(encoding, at + ENTRY_BYTES, nameEnd),
      method: view.readUInt16LE(at + 10),
      size,
      packed: view.subarray(start, start + packedBytes),
    };
    at = extraEnd + view.readUInt16LE(at + 32);
  }
}

/** The record at the end of the file says where the directory is; a comment or something that was appended may follow it. */
function findDirectory(view: Buffer): { at: number; count: number } {
  const last = view.length - END_BYTES;
  for (let end = last; end >= Math.max(0, last - LONGEST_COMMENT); end--) {
    if (view.readUInt32LE(end) !== END) continue;
    const directory = { at: view.readUInt32LE(end + 16), count: view.readUInt16LE(end + 10) };
    const locator = end - LOCATOR_64_BYTES;
    if (locator >= 0 && view.readUInt32LE(locator) === LOCATOR_64) {
      const record = Number(view.readBigUInt64LE(locator + 8));
      directory.count = Number(view.readBigUInt64LE(record + 32));
      directory.at = Number(view.readBigUInt64LE(record + 48));
    }
    const isThere = directory.at + 4 <= end && view.readUInt32LE(directory.at) === ENTRY;
    if (directory.count === 0 || isThere) return directory;
  }
  throw new RangeError('no central directory');
}

/** The numbers of an entry that have no room in it, in their order. */
function longNumbers(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== EXTRA_64) continue;
    const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
    return Array.from({ length: field.length >> 3 }, (_, index) => Number(field.readBigUInt64LE(8 * index)));
  }
  return [];
}
