import type { AudioSink } from '../audio-sink.js';

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc >>> 0;
});

const MOST_SEGMENTS = 255;
const HEADER_BYTES = 27;
const CONTINUED = 1;
const FIRST = 2;
const LAST = 4;
const NO_PACKET_ENDS = 0xffffffffffffffffn;

/** Puts packets into the pages of one logical Ogg stream (RFC 3533). */
export class OggWriter {
  private readonly page = new Uint8Array(HEADER_BYTES + MOST_SEGMENTS + MOST_SEGMENTS * 255);
  private readonly segments = new Uint8Array(MOST_SEGMENTS);
  private segmentCount = 0;
  private readonly body = new Uint8Array(MOST_SEGMENTS * 255);
  private bodyLength = 0;
  private granule = NO_PACKET_ENDS;
  private continued = false;
  private sequence = 0;

  constructor(
    private readonly sink: AudioSink,
    private readonly serial: number,
  ) {}

  /** @param granule position that a page has on which this packet ends and no later one */
  packet(bytes: Uint8Array, granule: number): void {
    for (let done = 0; ; done += 255) {
      if (this.segmentCount === MOST_SEGMENTS) {
        this.flush(false);
        this.continued = done > 0;
      }
      const length = Math.min(255, bytes.length - done);
      this.body.set(bytes.subarray(done, done + length), this.bodyLength);
      this.bodyLength += length;
      this.segments[this.segmentCount++] = length;
      if (length < 255) break;
    }
    this.granule = BigInt(granule);
  }

  /** Ends the page. */
  flush(last: boolean): void {
    const { page, segmentCount, bodyLength } = this;
    const view = new DataView(page.buffer);
    page.set([0x4f, 0x67, 0x67, 0x53, 0]);
    page[5] = (this.continued ? CONTINUED : 0) | (this.sequence === 0 ? FIRST : 0) | (last ? LAST : 0);
    view.setBigUint64(6, this.granule, true);
    view.setUint32(14, this.serial, true);
    view.setUint32(18, this.sequence, true);
    view.setUint32(22, 0, true);
    page[26] = segmentCount;
    page.set(this.segments.subarray(0, segmentCount), HEADER_BYTES);
    page.set(this.body.subarray(0, bodyLength), HEADER_BYTES + segmentCount);
    const bytes = page.subarray(0, HEADER_BYTES + segmentCount + bodyLength);
    view.setUint32(22, checksum(bytes), true);
    this.sink.write(bytes);
    this.sequence++;
    this.segmentCount = 0;
    this.bodyLength = 0;
    this.continued = false;
    this.granule = NO_PACKET_ENDS;
  }
}

function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) crc = (crc << 8) ^ CRC_TABLE[((crc >>> 24) ^ bytes[i]!) & 0xff]!;
  return crc >>> 0;
}
