import { ScoreError } from '../score-error.js';

/**
 * Parses the text of a song: JSON in UTF-8, a byte order mark allowed.
 * @throws ScoreError when it is not JSON, saying where.
 */
export function parseSongText(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw ScoreError.unreadable('The song is not text in UTF-8. Save it as UTF-8 and send it again.');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw ScoreError.unreadable(
      `The song is not valid JSON: ${error instanceof Error ? error.message : 'unreadable'}. NaN and Infinity are not numbers in JSON.`,
    );
  }
}
