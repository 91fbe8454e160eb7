import type { Performance } from './performance.js';

/** When a note sounds. */
export interface TimedNote {
  /** Index of its part. */
  readonly part: number;
  readonly partName: string;
  /** MIDI key number. */
  readonly key: number;
  readonly velocity: number;
  /** Seconds from the start. */
  readonly onset: number;
  /** Seconds from the start at which the key is let go; pedals and releases sound on. */
  readonly release: number;
}

/** Every note of all parts by onset, then part, then key. */
export function timingTable(performance: Performance): TimedNote[] {
  const notes: TimedNote[] = [];
  for (const part of performance.parts)
    for (const event of part.events) {
      if (event.kind !== 'note') continue;
      const { key, velocity, time, duration } = event;
      notes.push({ part: part.index, partName: part.name, key, velocity, onset: time, release: time + duration });
    }
  return notes.sort((a, b) => a.onset - b.onset || a.part - b.part || a.key - b.key);
}
