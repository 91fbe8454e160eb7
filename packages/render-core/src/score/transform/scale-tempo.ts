import type { Performance } from '../performance.js';

/** Plays the music faster: 2 is twice as fast, 0.5 half. */
export function scaleTempo(performance: Performance, factor: number): Performance {
  if (factor === 1) return performance;
  const { tempoMap } = performance;
  const earlier = <T extends { readonly time: number }>(event: T): T => ({ ...event, time: event.time / factor });
  return {
    ...performance,
    parts: performance.parts.map((part) => ({
      ...part,
      events: part.events.map((event) =>
        event.kind === 'note'
          ? { ...event, time: event.time / factor, duration: event.duration / factor }
          : earlier(event),
      ),
    })),
    tempoMap: {
      ...tempoMap,
      tempos: tempoMap.tempos.map((tempo) => ({
        beat: tempo.beat,
        seconds: tempo.seconds / factor,
        beatsPerMinute: tempo.beatsPerMinute * factor,
      })),
    },
    markers: performance.markers.map(earlier),
    lyrics: performance.lyrics.map(earlier),
    endSeconds: performance.endSeconds / factor,
  };
}
