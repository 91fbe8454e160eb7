import type { RenderOptions } from '../options/render-options.js';
import type { NoteEvent, Part, PartEvent, Performance } from '../score/performance.js';
import { mixSeed, seededFraction } from './playing/seed.js';

/** How far notes may stray; see the `humanize` option. */
export type Humanization = NonNullable<RenderOptions['humanize']>;

/** Corner of the low-pass of an unchanged tone, and how many octaves it may fall at tone 1. */
const BRIGHTEST_HZ = 18_000;
const TONE_OCTAVES = 4;

/** Streams of random numbers of a note. */
const TIMING = 1;
const VELOCITY = 2;
const TONE = 3;
const PITCH = 4;

/**
 * The same performance as people would play it: every note a little early or late, louder or softer, darker and out of tune, within the
 * given bounds. Equal seeds give equal performances; each part strays by itself, so that it does not depend on the other parts.
 *
 * Notes keep their length. None moves across an event that decides how it sounds (programs, banks, mode and system messages) or before 0.
 */
export function humanize(performance: Performance, settings: Humanization, seed: number): Performance {
  const parts = performance.parts.map((part) => humanizePart(part, settings, mixSeed(seed, part.index)));
  const endSeconds = parts
    .flatMap(({ events }) => events)
    .reduce(
      (end, event) => (event.kind === 'note' ? Math.max(end, event.time + event.duration) : end),
      performance.endSeconds,
    );
  return { ...performance, parts, endSeconds };
}

function humanizePart(part: Part, settings: Humanization, seed: number): Part {
  const latest = latestTimes(part.events);
  let earliest = 0;
  let ordinal = 0;
  const events = part.events.map((event, index) => {
    if (isBarrier(event)) earliest = event.time;
    return event.kind === 'note' ? stray(event, settings, mixSeed(seed, ordinal++), earliest, latest[index]!) : event;
  });
  // Sorting keeps the order of what happens at the same time.
  return { ...part, events: events.sort((a, b) => a.time - b.time) };
}

function stray(note: NoteEvent, settings: Humanization, seed: number, earliest: number, latest: number): NoteEvent {
  const time = note.time + settings.timingSeconds * deviation(seed, TIMING);
  const velocity = Math.min(127, Math.max(1, note.velocity + settings.velocity * deviation(seed, VELOCITY)));
  return {
    ...note,
    time: Math.min(latest, Math.max(earliest, time)),
    velocity: note.velocity > 0 ? velocity : 0,
    ...(settings.detuneCents > 0 && {
      detuneCents: (note.detuneCents ?? 0) + settings.detuneCents * deviation(seed, PITCH),
    }),
    ...(settings.tone > 0 && {
      lowPassHz: BRIGHTEST_HZ * 2 ** (-TONE_OCTAVES * settings.tone * seededFraction(seed, TONE)),
    }),
  };
}

/** In -1..1, small deviations being the likeliest: the mean of three even ones. */
function deviation(seed: number, stream: number): number {
  const own = mixSeed(seed, stream);
  return ((seededFraction(own, 1) + seededFraction(own, 2) + seededFraction(own, 3)) * 2) / 3 - 1;
}

/** For every event the time of the next barrier after it. */
function latestTimes(events: readonly PartEvent[]): Float64Array {
  const latest = new Float64Array(events.length);
  let next = Number.POSITIVE_INFINITY;
  for (let index = events.length - 1; index >= 0; index--) {
    latest[index] = next;
    if (isBarrier(events[index]!)) next = events[index]!.time;
  }
  return latest;
}

function isBarrier(event: PartEvent): boolean {
  if (event.kind === 'controller') {
    return event.controller === 0 || event.controller === 32 || event.controller >= 120;
  }
  return event.kind === 'program' || event.kind === 'system';
}
