const PORT_PREFIX = 0x21;

/** Follows the port that a track's events go to: meta event 21h, port 0 until then. */
export class PortReader {
  #current = 0;
  #chosen = false;

  /** 0-127. */
  get current(): number {
    return this.#current;
  }

  /** True once the track has named a port: its score-wide messages then concern that port alone. */
  get chosen(): boolean {
    return this.#chosen;
  }

  meta(bytes: Uint8Array, type: number, start: number, end: number): void {
    if (type !== PORT_PREFIX || end === start) return;
    this.#current = bytes[start]! & 127;
    this.#chosen = true;
  }
}

/** One number for port and channel (0-15), in the order in which parts are listed. */
export function partKey(port: number, channel: number): number {
  return port * 16 + channel;
}
