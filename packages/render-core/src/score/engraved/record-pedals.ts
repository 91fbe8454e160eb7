import type { midi } from '@coderline/alphatab';
import type { EngravedRecorder } from './engraved-recorder.js';
import type { PedalMark } from './musicxml-timing.js';

const TICKS_PER_QUARTER = 960;
const SUSTAIN = 64;

/** Takes down the damper pedals of every bar that is played, repeats unfolded: the library draws them, but does not play them. */
export function recordPedals(
  recorder: EngravedRecorder,
  bars: readonly midi.MasterBarTickLookup[],
  pedals: readonly PedalMark[],
): void {
  const channelsOf = new Map<number, number[]>();
  for (const { track, channel } of recorder.parts.values())
    channelsOf.set(track, [...(channelsOf.get(track) ?? []), channel]);
  const byBar = new Map<number, { readonly mark: PedalMark; readonly channels: readonly number[] }[]>();
  for (const mark of pedals) {
    const channels = channelsOf.get(mark.part);
    // Every entry is at least one event, so that the recorder's limits hold here too.
    if (channels === undefined) continue;
    const inBar = byBar.get(mark.bar);
    if (inBar === undefined) byBar.set(mark.bar, [{ mark, channels }]);
    else inBar.push({ mark, channels });
  }
  for (const { masterBar, start } of bars)
    for (const { mark, channels } of byBar.get(masterBar.index) ?? [])
      for (const channel of channels) {
        const tick = start + mark.quarters * TICKS_PER_QUARTER;
        recorder.addControlChange(mark.part, tick, channel, SUSTAIN, mark.down ? 127 : 0);
      }
}
