import type { model } from '@coderline/alphatab';

const TICKS_PER_QUARTER = 960;
/** Durations are rounded by programs with few divisions: bars this near to their time signature are as long as it says. */
const TOLERANCE_TICKS = 30;

/**
 * Makes bars as long as their content, in quarter notes. The library goes by the time signature, but for pick-ups, and places what changes within a bar
 * by its share of that.
 */
export function setBarLengths(score: model.Score, lengths: readonly number[]): void {
  for (const bar of score.masterBars) {
    const ticks = Math.round((lengths[bar.index] ?? 0) * TICKS_PER_QUARTER);
    const written = bar.calculateDuration(false);
    if (ticks <= 0 || Math.abs(ticks - written) <= TOLERANCE_TICKS) continue;
    const placed: { ratioPosition: number }[] = [...bar.tempoAutomations];
    for (const track of score.tracks)
      for (const staff of track.staves) placed.push(...(staff.bars[bar.index]?.sustainPedals ?? []));
    for (const change of placed) change.ratioPosition *= written / ticks;
    bar.calculateDuration = () => ticks;
  }
}
