import type { Performance } from '../performance.js';
import type { TempoMap } from '../tempo-map.js';

/**
 * Makes room for whole bars of the first metre and tempo before the music. The music's bars keep their numbers: the last bar of the count-in is bar 0.
 */
export function makeRoom(performance: Performance, bars: number): Performance {
  if (bars === 0) return performance;
  const { tempoMap } = performance;
  const beats = bars * tempoMap.meters[0]!.beatsPerBar;
  const seconds = (beats * 60) / tempoMap.tempos[0]!.beatsPerMinute;
  const later = <T extends { readonly time: number }>(event: T): T => ({ ...event, time: event.time + seconds });
  return {
    ...performance,
    parts: performance.parts.map((part) => ({ ...part, events: part.events.map(later) })),
    tempoMap: delayed(tempoMap, bars, beats, seconds),
    markers: performance.markers.map(later),
    lyrics: performance.lyrics.map(later),
    endSeconds: performance.endSeconds + seconds,
  };
}

function delayed({ tempos, meters }: TempoMap, bars: number, beats: number, seconds: number): TempoMap {
  const laterTempos = tempos.map((tempo) => ({ ...tempo, beat: tempo.beat + beats, seconds: tempo.seconds + seconds }));
  const laterMeters = meters.map((meter) => ({ ...meter, beat: meter.beat + beats }));
  return {
    tempos: [tempos[0]!, ...laterTempos.slice(1)],
    meters: [{ ...meters[0]!, bar: meters[0]!.bar - bars }, ...laterMeters],
  };
}
