/** Longest stretch of a name that is compared: names come from clients. */
const COMPARED_LENGTH = 80;

/** What remains of a name when case, accents, spaces and punctuation do not matter: "Bag pipe" and "bagpipe" are one. */
export function normalizeName(name: string): string {
  return name
    .slice(0, 4 * COMPARED_LENGTH)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]/gu, '')
    .slice(0, COMPARED_LENGTH);
}

/**
 * How many letters must be inserted, removed, replaced or swapped with their neighbour to make one text of another
 * (Damerau-Levenshtein, optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  let beforeLast = new Uint16Array(width);
  let last = Uint16Array.from({ length: width }, (_, index) => index);
  let row = new Uint16Array(width);
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    for (let j = 1; j < width; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped =
        i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row[j] = cost;
    }
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return last[b.length]!;
}

/**
 * The candidates most like a name, best first: by edit distance, where letters around a full match of the shorter in the longer
 * ("piano" in "Acoustic Grand Piano") count little. Equal ones keep the order of the candidates.
 */
export function nearestNames(name: string, candidates: Iterable<string>, limit = 3): string[] {
  const wanted = normalizeName(name);
  const scored: { readonly candidate: string; readonly distance: number }[] = [];
  for (const candidate of new Set(candidates)) {
    const offered = normalizeName(candidate);
    const [short, long] = wanted.length < offered.length ? [wanted, offered] : [offered, wanted];
    const contained = short.length >= 3 && long.includes(short);
    const distance = contained ? (long.length - short.length) / 8 : editDistance(wanted, offered);
    scored.push({ candidate, distance });
  }
  scored.sort((a, b) => a.distance - b.distance);
  return scored.slice(0, limit).map((entry) => entry.candidate);
}
