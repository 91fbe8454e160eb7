import { humanize } from '../instruments/humanize.js';
import type { RenderOptions } from '../options/render-options.js';
import { parseScore, type ScoreInput } from '../score/parse-score.js';
import type { Performance } from '../score/performance.js';
import type { ScoreLimits } from '../score/score-limits.js';
import { transformPerformance } from '../score/transform/transform-performance.js';

/**
 * Reads a score and changes it as the options ask: the performance that is going to be rendered.
 *
 * @param hint content type or file name
 * @throws ScoreError
 */
export async function preparePerformance(
  score: ScoreInput,
  hint: string | undefined,
  options: RenderOptions,
  limits: ScoreLimits,
): Promise<Performance> {
  const { pitch, octaveShift } = options;
  const written = await parseScore(score, { limits, pitch, octaveShift, ...(hint !== undefined && { hint }) });
  const { transpose, tempoFactor, countInBars, metronome } = options;
  const moved = transformPerformance(written, { transpose, tempoFactor }, limits);
  const played = options.humanize ? humanize(moved, options.humanize, options.seed) : moved;
  // A metronome does not stray.
  return transformPerformance(played, { countInBars, metronome }, limits);
}
