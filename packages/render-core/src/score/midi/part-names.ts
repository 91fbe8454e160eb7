import { cleanText } from '../text.js';
import type { Survey, TrackSurvey } from './survey.js';

/** Most track names that are joined when several tracks play one part. */
const MOST_JOINED = 3;

/**
 * Names the parts: after the track when its notes all go to one channel, else after its instrument, else after its channel. Names that are not the
 * score's own are numbered when they would be the same.
 * @param instruments name of the instrument of each part, null when unknown
 * @param ports whether the score uses several ports
 */
export function partNames(
  survey: Survey,
  format: number,
  instruments: ReadonlyMap<number, string | null>,
  ports: boolean,
): Map<number, string> {
  const tracksOfPart = new Map<number, TrackSurvey[]>();
  for (const track of survey.tracks) {
    const [part] = track.noteParts;
    if (track.noteParts.size !== 1) continue;
    const tracks = tracksOfPart.get(part!);
    if (tracks === undefined) tracksOfPart.set(part!, [track]);
    else if (tracks.length < MOST_JOINED) tracks.push(track);
  }
  const names = new Map<number, string>();
  const used = new Map<string, number>();
  for (const part of survey.parts) {
    const tracks = tracksOfPart.get(part) ?? [];
    // The name of a format 0 file's only track is the title.
    const own = tracks.map((track) => cleanText((format === 0 ? null : track.name) ?? track.instrumentName ?? ''));
    const name = [...new Set(own.filter((text) => text !== ''))].join(' / ').slice(0, 200);
    if (name !== '') {
      names.set(part, name);
      continue;
    }
    const channel = `Channel ${(part & 15) + 1}${ports ? `, port ${part >> 4}` : ''}`;
    const found = instruments.get(part) ?? channel;
    const count = (used.get(found) ?? 0) + 1;
    used.set(found, count);
    names.set(part, count === 1 ? found : `${found} ${count}`);
  }
  return names;
}
