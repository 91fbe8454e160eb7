/** Assembles Standard MIDI Files byte by byte from the specification (RP-001), independently of the code under test. */

export function variableLength(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(128 + (rest % 128));
  return bytes;
}

const text = (letters: string) => [...new TextEncoder().encode(letters)];
const be32 = (value: number) => [
  Math.floor(value / 2 ** 24) % 256,
  (value >> 16) & 255,
  (value >> 8) & 255,
  value & 255,
];
const be16 = (value: number) => [(value >> 8) & 255, value & 255];

export function chunk(tag: string, data: readonly number[], claimedLength = data.length): number[] {
  return [...text(tag), ...be32(claimedLength), ...data];
}

/** A header and tracks. `division` as it stands in the file: ticks per quarter note, or the two SMPTE bytes. */
export function smf(format: number, division: number, tracks: readonly (readonly number[])[]): Uint8Array {
  const header = chunk('MThd', [...be16(format), ...be16(tracks.length), ...be16(division)]);
  return Uint8Array.from([header, ...tracks.map((data) => chunk('MTrk', data))].flat());
}

/** One event after a delta time. */
export function at(delta: number, ...bytes: number[]): number[] {
  return [...variableLength(delta), ...bytes];
}

export function meta(delta: number, type: number, data: readonly number[] | string): number[] {
  const bytes = typeof data === 'string' ? text(data) : data;
  return at(delta, 0xff, type, ...variableLength(bytes.length), ...bytes);
}

export function tempo(delta: number, microsecondsPerQuarter: number): number[] {
  return meta(delta, 0x51, be32(microsecondsPerQuarter).slice(1));
}

/** A system exclusive message; `data` without F0 and F7. */
export function exclusive(delta: number, ...data: number[]): number[] {
  return at(delta, 0xf0, ...variableLength(data.length + 1), ...data, 0xf7);
}

export const end = (delta = 0): number[] => meta(delta, 0x2f, []);

/** A note on channel 1-16 that starts after `delta` ticks and lasts `length`. */
export function note(delta: number, channel: number, key: number, length: number, velocity = 64): number[] {
  return [...at(delta, 0x8f + channel, key, velocity), ...at(length, 0x7f + channel, key, 0)];
}

/** The RIFF wrapper of .rmi files; its INFO list may stand before or after the MIDI file. */
export function rmid(file: Uint8Array, info: Readonly<Record<string, string>>, infoFirst = true): Uint8Array {
  const le32 = (value: number) => be32(value).reverse();
  const riffChunk = (tag: string, data: readonly number[]) => [
    ...text(tag),
    ...le32(data.length),
    ...data,
    ...(data.length % 2 ? [0] : []),
  ];
  const list = Object.entries(info).flatMap(([tag, value]) => riffChunk(tag, [...text(value), 0]));
  const chunks = [riffChunk('LIST', [...text('INFO'), ...list]), riffChunk('data', [...file])];
  const body = [...text('RMID'), ...(infoFirst ? chunks : chunks.reverse()).flat()];
  return Uint8Array.from(riffChunk('RIFF', body));
}
