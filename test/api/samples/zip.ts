import { crc32, deflateRawSync } from 'node:zlib';

/** A file of an archive. What is not said is as it should be. */
export interface ZipEntry {
  readonly name: string | Buffer;
  readonly data?: Uint8Array;
  /** What stands in the archive for the data; by default the data deflated. */
  readonly packed?: Uint8Array;
  /** 0 stored, 8 deflated. */
  readonly method?: number;
  readonly declaredBytes?: number;
  readonly declaredCrc?: number;
  /** General purpose bits; UTF-8 names by default. */
  readonly flags?: number;
  /** POSIX mode. */
  readonly mode?: number;
}

/** A ZIP archive written by hand from APPNOTE 6.3.10, so that it can lie wherever it likes. */
export function zip(entries: readonly ZipEntry[], claimedCount = entries.length): Buffer<ArrayBuffer> {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data = Buffer.alloc(0), method = 8, flags = 0x800, ...rest } of entries) {
    const packed = rest.packed ?? (method === 8 ? deflateRawSync(data) : data);
    const path = Buffer.from(name);
    const mode = rest.mode ?? (path.at(-1) === 0x2f ? 0o040755 : 0o100644);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(0x58210000, 6);
    common.writeUInt32LE(rest.declaredCrc ?? crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(rest.declaredBytes ?? data.length, 18);
    common.writeUInt16LE(path.length, 22);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(mode * 0x10000, 6);
    central.writeUInt32LE(offset, 10);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), common, path, Buffer.from(packed));
    // Made by UNIX, whose modes the attributes hold.
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, central, path);
    offset += 30 + path.length + packed.length;
  }
  const entriesBytes = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(claimedCount, 8);
  end.writeUInt16LE(claimedCount, 10);
  end.writeUInt32LE(entriesBytes.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, entriesBytes, end]);
}
