const { imul } = Math;

/**
 * Triangular dither of +-1 least significant bit, a function of seed, frame and channel alone: the same frame gets the same dither in a range and in
 * the whole, whatever the division into blocks.
 */
export function triangularDither(seed: number, frame: number, channel: number): number {
  // Finaliser of MurmurHash3: every input bit moves every output bit. Its two halves are the two uniform numbers whose sum is triangular.
  let h = imul(frame | 0, 0x9e3779b1) ^ imul((frame / 0x100000000) | 0, 0x7feb352d) ^ seed;
  h = imul(h ^ (channel * 0x5bd1e995), 0x85ebca6b);
  h ^= h >>> 16;
  h = imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return ((h & 0xffff) + (h >>> 16) + 1) / 65536 - 1;
}
