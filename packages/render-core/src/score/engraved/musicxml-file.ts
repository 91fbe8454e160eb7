import { ScoreError } from '../score-error.js';
import type { ScoreLimits } from '../score-limits.js';
import { playableDirections } from './musicxml-directions.js';
import { playableNotes } from './musicxml-notes.js';
import { attributeValue, decodeXml } from './xml-text.js';
import { unzip } from './zip-entries.js';

const CONTAINER = 'META-INF/container.xml';

/** Most bars over all parts: a part has every bar of the score, written or not. */
const MOST_BARS = 150_000;

/**
 * Numbers that make the importer build as many things as they say, and the largest that music needs. Durations and divisions are large for exactness' sake.
 */
const LARGEST: Readonly<Record<string, number>> = {
  staves: 16,
  staff: 16,
  'staff-lines': 64,
  voice: 1000,
  beats: 1000,
  'beat-type': 1024,
  divisions: 1_000_000,
  duration: 100_000_000,
  'multiple-rest': 10_000,
  'measure-repeat': 1000,
  'beat-repeat': 1000,
  slash: 1000,
  'actual-notes': 10_000,
  'normal-notes': 10_000,
};

/** Attributes that name a staff; the importer makes as many as the largest says. */
const STAFF_NUMBER =
  /<(?:[\w.-]+:)?(key|clef|time|transpose|staff-details|measure-style)\s[^<>]*?\bnumber\s*=\s*["']([^"']*)["']/g;

const MOST_REPEATS = 1000;

/** The text of a MusicXML score from .musicxml, .xml or .mxl, safe to be parsed, with directions and notes as the importer takes them. */
export async function musicXmlText(bytes: Uint8Array, limits: ScoreLimits): Promise<string> {
  const text = decodeXml(bytes[0] === 0x50 && bytes[1] === 0x4b ? await unpackContainer(bytes, limits) : bytes);
  if (!/<(?:[\w.-]+:)?score-(partwise|timewise)[\s/>]/.test(text))
    throw ScoreError.unreadable(
      'The file is no MusicXML score: it has neither a score-partwise nor a score-timewise element.',
    );
  checkBars(text);
  checkNumbers(text);
  return playableNotes(playableDirections(text));
}

/** The score of a compressed file: the first root file of its container (MusicXML 4.0, compressed .mxl files), or its only XML file. */
async function unpackContainer(bytes: Uint8Array, limits: ScoreLimits): Promise<Uint8Array> {
  const entries = await unzip(bytes, (name) => name === CONTAINER || /\.(musicxml|xml)$/i.test(name), limits);
  const container = entries.get(CONTAINER);
  const path = container && /<rootfile\b[^<>]*?\bfull-path\s*=\s*["']([^"']+)["']/.exec(decodeXml(container))?.[1];
  entries.delete(CONTAINER);
  const score = path === undefined ? [...entries.values()][0] : entries.get(attributeValue(path));
  if (score === undefined)
    throw ScoreError.unreadable('The .mxl file does not contain the score that its container names.');
  return score;
}

function checkBars(text: string): void {
  let parts = 0;
  let bars = 0;
  let mostBars = 0;
  for (const [, element] of text.matchAll(/<(?:[\w.-]+:)?(score-part|part|measure)[\s/>]/g)) {
    if (element === 'score-part') parts++;
    else if (element === 'measure') mostBars = Math.max(mostBars, ++bars);
    else bars = 0;
    if (parts * mostBars > MOST_BARS)
      throw ScoreError.tooLarge('or more bars over all parts', parts * mostBars, MOST_BARS);
  }
}

function checkNumbers(text: string): void {
  const elements = Object.keys(LARGEST).join('|');
  for (const [, element, digits] of text.matchAll(
    new RegExp(`<(?:[\\w.-]+:)?(${elements})(?:\\s[^<>]*)?>\\s*([^<]*)`, 'g'),
  )) {
    const largest = LARGEST[element!]!;
    const value = Number(digits);
    // Voices may be named by letters; metres may be sums ("3+2").
    if (Number.isFinite(value) ? Math.abs(value) > largest : /\d{5}|[eE]\d|Infinity/.test(digits!))
      throw outOfRange(`element ${element}`, digits!, largest);
  }
  for (const [, element, number] of text.matchAll(STAFF_NUMBER))
    if (!(Math.abs(Number(number)) <= LARGEST.staff!))
      throw outOfRange(`number of ${element}`, number!, LARGEST.staff!);
  for (const [, times] of text.matchAll(/\btimes\s*=\s*["']([^"']*)["']/g))
    if (!(Number(times) <= MOST_REPEATS)) throw outOfRange('times of a repeat', times!, MOST_REPEATS);
}

function outOfRange(what: string, value: string, largest: number): ScoreError {
  const shown = value.slice(0, 40).trim();
  return ScoreError.invalid([{ pointer: '', message: `the ${what} is ${shown}; at most ${largest} makes sense` }]);
}
