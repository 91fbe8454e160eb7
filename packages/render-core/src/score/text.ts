/** Longest name of a part, title or lyric syllable that is kept. */
const LONGEST_TEXT = 200;

/** Text from a score as it can stand in a tag, a table or a log: no control characters, no spaces at the ends, at most 200 characters. */
export function cleanText(text: string): string {
  const stretch = text.slice(0, 2 * LONGEST_TEXT).replace(/\p{Cc}+/gu, ' ');
  return stretch
    .trim()
    .slice(0, LONGEST_TEXT)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trimEnd();
}
