/** Entry of one of the tables of 256 numbers of 16 bits. */
// @ts-ignore: decorator
@inline
function entry(tables: usize, table: usize, index: u32): u32 {
  return load<u16>(tables + (table << 9) + (<usize>index << 1));
}

/**
 * CRC of the bytes from one address to another (RFC 9639 section 9.3). Table k of eight holds what a byte makes of the CRC when k more
 * bytes follow it, so eight bytes can be looked up at once.
 */
export function crc16(tables: usize, from: usize, end: usize): i32 {
  let crc: u32 = 0;
  for (; from + 8 <= end; from += 8) {
    crc =
      entry(tables, 7, (crc >> 8) ^ load<u8>(from)) ^
      entry(tables, 6, (crc & 255) ^ load<u8>(from, 1)) ^
      entry(tables, 5, load<u8>(from, 2)) ^
      entry(tables, 4, load<u8>(from, 3)) ^
      entry(tables, 3, load<u8>(from, 4)) ^
      entry(tables, 2, load<u8>(from, 5)) ^
      entry(tables, 1, load<u8>(from, 6)) ^
      entry(tables, 0, load<u8>(from, 7));
  }
  for (; from < end; from++) crc = ((crc << 8) & 0xffff) ^ entry(tables, 0, (crc >> 8) ^ load<u8>(from));
  return crc;
}
