const TABLE_COUNT = 8;

function table(bits: number, polynomial: number): Uint16Array {
  const top = 1 << (bits - 1);
  const mask = 2 ** bits - 1;
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc & top) !== 0 ? polynomial : 0)) & mask;
    return crc;
  });
}

const CRC8 = table(8, 0x07);

/** CRC of a frame header (RFC 9639 section 9.1.8). */
export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) crc = CRC8[crc ^ bytes[i]!]!;
  return crc;
}

/** The tables of the kernel's `crc16`: entry k * 256 + byte is what the byte makes of the CRC when k more follow it. */
export function crc16Tables(): Uint16Array {
  const first = table(16, 0x8005);
  const tables = new Uint16Array(TABLE_COUNT * 256);
  tables.set(first);
  for (let at = 256; at < tables.length; at++) {
    const shorter = tables[at - 256]!;
    tables[at] = ((shorter << 8) & 0xffff) ^ first[shorter >> 8]!;
  }
  return tables;
}
