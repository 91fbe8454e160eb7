import type { Performance } from '../performance.js';
import { checkDuration, DEFAULT_SCORE_LIMITS, type ScoreLimits } from '../score-limits.js';
import { makeRoom } from './count-in.js';
import { addMetronome } from './metronome.js';
import { scaleTempo } from './scale-tempo.js';
import { transpose } from './transpose.js';

/** What a request can change about a score before it is played. */
export interface Transformation {
  /** Semitones; percussion is left alone. @default 0 */
  readonly transpose?: number;
  /** 2 plays twice as fast. @default 1 */
  readonly tempoFactor?: number;
  /** Bars of metronome before the music. @default 0 */
  readonly countInBars?: number;
  /** Clicks through the music as well. @default false */
  readonly metronome?: boolean;
}

/**
 * Changes a performance as asked; what is not asked for stays as it is.
 * @throws ScoreError when the music becomes too long
 */
export function transformPerformance(
  performance: Performance,
  { transpose: semitones = 0, tempoFactor = 1, countInBars = 0, metronome = false }: Transformation,
  limits: ScoreLimits = DEFAULT_SCORE_LIMITS,
): Performance {
  const played = makeRoom(scaleTempo(transpose(performance, semitones), tempoFactor), countInBars);
  checkDuration(played.endSeconds, limits);
  const roomSeconds = played.endSeconds - performance.endSeconds / tempoFactor;
  if (metronome) return addMetronome(played, played.endSeconds);
  return countInBars > 0 ? addMetronome(played, roomSeconds) : played;
}
