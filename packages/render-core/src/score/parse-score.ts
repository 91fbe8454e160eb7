import { readMidi } from './midi/read-midi.js';
import type { PitchReading } from './musistrata/pitch.js';
import type { Performance } from './performance.js';
import { ScoreError } from './score-error.js';
import { sniffFormat } from './score-format.js';
import { DEFAULT_SCORE_LIMITS, type ScoreLimits } from './score-limits.js';

export interface ScoreOptions {
  /** Content type or file name: decides when the bytes leave the format open. */
  readonly hint?: string;
  /** @default {@link DEFAULT_SCORE_LIMITS} */
  readonly limits?: Partial<ScoreLimits>;
  /** How MusiStrata's octaves are read. @default 'midi' */
  readonly pitch?: PitchReading;
  /** Octaves added to every pitch of a MusiStrata song. @default 0 */
  readonly octaveShift?: number;
}

/** A score as it was sent, or a MusiStrata song that has been parsed from JSON already. */
export type ScoreInput = { readonly bytes: Uint8Array } | { readonly song: unknown };

/**
 * Reads any score into a {@link Performance}: MIDI and MusiStrata in the calling thread, MusicXML and Guitar Pro in a thread of their own. What
 * reads a format is loaded with the first score of that format.
 * @throws ScoreError, and nothing else, for whatever is wrong with the score.
 */
export async function parseScore(input: ScoreInput, options: ScoreOptions = {}): Promise<Performance> {
  const limits = { ...DEFAULT_SCORE_LIMITS, ...options.limits };
  const reading = { pitch: options.pitch ?? 'midi', octaveShift: options.octaveShift ?? 0 };
  if ('song' in input) return (await import('./musistrata/read-song.js')).readSong(input.song, reading, limits);
  const { bytes } = input;
  if (bytes.length === 0) throw ScoreError.unreadable('The score is empty. Send the bytes of a score.');
  if (bytes.length > limits.maxBytes) throw ScoreError.tooLarge('bytes', bytes.length, limits.maxBytes);
  switch (sniffFormat(bytes, options.hint)) {
    case 'musistrata': {
      const [{ parseSongText }, { readSong }] = await Promise.all([
        import('./musistrata/parse-song-text.js'),
        import('./musistrata/read-song.js'),
      ]);
      return readSong(parseSongText(bytes), reading, limits);
    }
    case 'midi':
      return readMidi(bytes, limits);
    case 'musicxml':
      return (await import('./engraved/read-engraved.js')).readMusicXml(bytes, limits);
    case 'guitarpro':
      return (await import('./engraved/read-engraved.js')).readGuitarPro(bytes, limits);
    default:
      throw ScoreError.formatUnknown();
  }
}
