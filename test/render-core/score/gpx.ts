const SECTOR = 4096;

/** A Guitar Pro 6 container with one file: a header, then sectors; the first names the file, the following hold it. */
export function gpxContainer(name: string, file: Uint8Array): Uint8Array {
  const count = Math.ceil(file.length / SECTOR);
  const bytes = new Uint8Array(4 + (2 + count) * SECTOR);
  bytes.set(new TextEncoder().encode('BCFS'));
  const view = new DataView(bytes.buffer, 4);
  view.setInt32(SECTOR, 2, true);
  bytes.set(new TextEncoder().encode(name), 4 + SECTOR + 4);
  view.setInt32(SECTOR + 140, file.length, true);
  for (let index = 0; index < count; index++) view.setInt32(SECTOR + 148 + 4 * index, 2 + index, true);
  bytes.set(file, 4 + 2 * SECTOR);
  return bytes;
}

/** The same, compressed: stretches of up to three bytes as they are, and copies of the byte before for runs. */
export function gpxCompressed(container: Uint8Array): Uint8Array {
  const bits: number[] = [];
  const push = (value: number, count: number) => {
    for (let index = count - 1; index >= 0; index--) bits.push((value >> index) & 1);
  };
  const pushReversed = (value: number, count: number) => {
    for (let index = 0; index < count; index++) bits.push((value >> index) & 1);
  };
  for (let at = 0; at < container.length; ) {
    let run = 0;
    // As many earlier bytes as are the same again: a copy reaches no further back than it is long.
    while (
      run < 1000 &&
      at >= 1000 &&
      at + run < container.length &&
      container[at + run] === container[at + run - 1000]
    )
      run++;
    if (run === 1000) {
      push(1, 1);
      push(12, 4);
      pushReversed(1000, 12);
      pushReversed(1000, 12);
      at += run;
      continue;
    }
    const stretch = container.subarray(at, at + 3);
    push(0, 1);
    pushReversed(stretch.length, 2);
    for (const byte of stretch) push(byte, 8);
    at += stretch.length;
  }
  const bytes = new Uint8Array(8 + Math.ceil(bits.length / 8));
  bytes.set(new TextEncoder().encode('BCFZ'));
  new DataView(bytes.buffer).setUint32(4, container.length, true);
  for (const [index, bit] of bits.entries()) bytes[8 + (index >> 3)]! |= bit << (7 - (index & 7));
  return bytes;
}
