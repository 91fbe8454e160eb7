/** For every key that has a sample, the range of keys that it serves: up to half way to its neighbours, so that no key 0-127 is missing. */
export function spreadKeys(keys: Iterable<number>): Map<number, readonly [low: number, high: number]> {
  const sorted = [...new Set(keys)].sort((a, b) => a - b);
  return new Map(
    sorted.map((key, index) => {
      const before = sorted[index - 1];
      const after = sorted[index + 1];
      const low = before === undefined ? 0 : Math.floor((before + key) / 2) + 1;
      const high = after === undefined ? 127 : Math.floor((key + after) / 2);
      return [key, [low, high]] as const;
    }),
  );
}
