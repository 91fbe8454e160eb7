import type { Marker } from '../performance.js';
import { cleanText } from '../text.js';
import type { TickText } from './survey.js';
import type { TickClock } from './tick-clock.js';

const TEXT = 1;
const LYRIC = 5;
const LONGEST_SYLLABLE = 200;

interface ScoreTexts {
  readonly title: string | null;
  readonly markers: Marker[];
  /** Syllables as they are sung, spaces kept; a line break in front starts a new line. */
  readonly lyrics: Marker[];
}

/** Markers and cue points; lyrics, or the texts of a karaoke file (.kar) where there are none. */
export function scoreTexts(texts: readonly TickText[], clock: TickClock): ScoreTexts {
  const markers: Marker[] = [];
  const lyrics: Marker[] = [];
  const karaoke: Marker[] = [];
  let isKaraoke = false;
  let title: string | null = null;
  for (const { tick, type, text } of texts) {
    if (type === TEXT && text.startsWith('@')) {
      // Tags of a .kar file: @K the kind of file, @T title and then performer.
      isKaraoke ||= text.startsWith('@K');
      if (text.startsWith('@T')) title ??= cleanText(text.slice(2)) || null;
      continue;
    }
    const time = clock.secondsAt(tick);
    if (type === LYRIC) lyrics.push({ time, text: syllable(text) });
    else if (type === TEXT) karaoke.push({ time, text: syllable(text) });
    else {
      const marker = cleanText(text);
      if (marker !== '') markers.push({ time, text: marker });
    }
  }
  const sung = lyrics.length > 0 || !isKaraoke ? lyrics : karaoke;
  return { title, markers, lyrics: sung.filter(({ text }) => text !== '') };
}

/** A new line or page is a slash in front in .kar files, a carriage return or line feed in lyric events (RP-017). */
function syllable(text: string): string {
  return text
    .slice(0, LONGEST_SYLLABLE)
    .replace(/^[/\\]/, '\n')
    .replace(/[\r\n]+/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}
