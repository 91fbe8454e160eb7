import { StbVorbis } from 'stb-vorbis';

/** Bytes of a page's header before its table of lacing values, one for every segment (RFC 3533 section 6). */
const pageHeader = 27;
/** A stream begins with a page of one packet, the identification header (Vorbis I 4.2.2 and A.2). */
const identificationBytes = 30;
const identification = pageHeader + 1;

/** The decoder is WebAssembly that is compiled on its own time. */
export const vorbisReady: Promise<void> = StbVorbis.ready;

/**
 * How many values (frames of all channels) an Ogg Vorbis stream can decode to at most, whatever it says itself; null when it does not begin as one.
 * A packet of one byte can hold 4096 frames of silence. Every packet ends in a lacing value below 255 of some page, and no packet gives more
 * than half of the larger block size (Vorbis I 1.3.2).
 */
export function mostVorbisValues(stream: Uint8Array): number | null {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength);
  if (bytes.length < identification + identificationBytes) return null;
  if (bytes.toString('latin1', identification, identification + 7) !== '\x01vorbis') return null;
  const channels = bytes[identification + 11]!;
  const largerBlock = 1 << (bytes[identification + 28]! >> 4);
  let packets = 0;
  for (let page = bytes.indexOf('OggS'); page >= 0; page = bytes.indexOf('OggS', page + 4)) {
    const segments = bytes[page + 26] ?? 0;
    const lacing = bytes.subarray(page + pageHeader, page + pageHeader + segments);
    for (const value of lacing) if (value < 255) packets++;
  }
  return (packets * channels * largerBlock) / 2;
}

/** The first channel of an Ogg Vorbis stream as 16-bit integers; null when it cannot be decoded. Check {@link mostVorbisValues} before. */
export function decodeVorbis(stream: Uint8Array): Int16Array | null {
  if (mostVorbisValues(stream) === null) return null;
  try {
    const decoded = StbVorbis.decode(stream).channels[0];
    if (decoded === undefined) return null;
    const rounded = new Int16Array(decoded.length);
    for (let i = 0; i < decoded.length; i++)
      rounded[i] = Math.max(-32768, Math.min(32767, Math.round(decoded[i]! * 32768)));
    return rounded;
  } catch {
    return null;
  }
}
