import { zipSync } from 'fflate';
import { ScoreError } from '../score-error.js';
import type { ScoreLimits } from '../score-limits.js';
import { fileInGpx } from './gpx-container.js';
import { decodeXml } from './xml-text.js';
import { unzip } from './zip-entries.js';

const SCORE_FILE = 'score.gpif';

/** Most bars, voices, beats and notes once every reference is followed. */
const MOST_ELEMENTS = 2_000_000;

export interface GuitarProFile {
  readonly version: '3-5' | '7-8';
  readonly bytes: Uint8Array;
}

/**
 * A Guitar Pro file that is safe to be imported: versions 3 to 5 as they are, later ones with nothing but their score in a plain archive
 * (version 6 has the same score as 7 and 8 in a container of its own).
 */
export async function guitarProFile(bytes: Uint8Array, limits: ScoreLimits): Promise<GuitarProFile> {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const isGpx = bytes[0] === 0x42 && bytes[1] === 0x43 && bytes[2] === 0x46;
  if (!isZip && !isGpx) return { version: '3-5', bytes };
  const score = isZip
    ? [...(await unzip(bytes, (name) => name.endsWith(`/${SCORE_FILE}`) || name === SCORE_FILE, limits)).values()][0]
    : fileInGpx(bytes, SCORE_FILE, limits);
  if (score === undefined) throw ScoreError.unreadable('The Guitar Pro file has no score in it.');
  checkReferences(decodeXml(score));
  return { version: '7-8', bytes: zipSync({ [`Content/${SCORE_FILE}`]: score }, { level: 0 }) };
}

/** Bars, voices and beats are stored once and referred to by number, so that a small file can stand for a huge score: what it stands for is counted. */
function checkReferences(text: string): void {
  const notesOfBeat = sizes(text, 'Beat', 'Notes', null);
  const beatsOfVoice = sizes(text, 'Voice', 'Beats', notesOfBeat);
  const voicesOfBar = sizes(text, 'Bar', 'Voices', beatsOfVoice);
  let total = 0;
  // The list of all bars has the same name but holds elements.
  for (const [, bars] of text.matchAll(/<Bars>([^<]*)<\/Bars>/g)) {
    total += listSize(bars!, voicesOfBar);
    if (total > MOST_ELEMENTS) throw ScoreError.tooLarge('or more bars, beats and notes', total, MOST_ELEMENTS);
  }
}

/** How much every element of a kind stands for: itself and what its list refers to. */
function sizes(
  text: string,
  element: string,
  list: string,
  inner: ReadonlyMap<string, number> | null,
): Map<string, number> {
  const found = new Map<string, number>();
  // One pass over start tags and lists, in order: which list belongs to which element.
  let id: string | null = null;
  for (const [, elementId, references] of text.matchAll(
    new RegExp(`<${element}\\s[^<>]*?id="([^"]*)"|<${list}>([^<]*)</${list}>`, 'g'),
  )) {
    if (elementId !== undefined) id = elementId;
    else if (id !== null) {
      found.set(id, 1 + listSize(references!, inner));
      id = null;
    }
  }
  return found;
}

function listSize(references: string, sizesById: ReadonlyMap<string, number> | null): number {
  let total = 0;
  for (const [id] of references.matchAll(/\S+/g)) total += sizesById?.get(id) ?? 1;
  return total;
}
