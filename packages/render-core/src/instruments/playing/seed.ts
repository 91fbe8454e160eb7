/** A 32-bit seed made of two (the finaliser of lowbias32, C. Wellons). Never 0, which xorshift generators cannot leave. */
export function mixSeed(seed: number, stream: number): number {
  let x = (Math.imul(seed | 0, 0x85ebca6b) ^ Math.imul(stream | 0, 0xc2b2ae35)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  x ^= x >>> 16;
  return x === 0 ? 1 : x;
}

/** A number in 0-1 (1 excluded) that belongs to a seed and a stream. */
export function seededFraction(seed: number, stream: number): number {
  return (mixSeed(seed, stream) >>> 0) / 2 ** 32;
}
