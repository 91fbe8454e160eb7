import type { NoteEvent } from '../performance.js';
import type { TickGrid } from './tick-grid.js';

/** A note as it is written: when its key goes down and up. */
export interface Strike {
  readonly start: number;
  end: number;
  readonly key: number;
  velocity: number;
}

/**
 * Puts notes on ticks. One channel has each key only once, and many synthesizers end every note of a key at its first note-off; therefore a key that is
 * struck while it sounds is let go first, and the new note lasts as long as either. Notes of velocity 0 are silent and left out.
 * @param notes in order of time
 */
export function keyStrikes(notes: readonly NoteEvent[], grid: TickGrid): Map<NoteEvent, Strike> {
  const strikes = new Map<NoteEvent, Strike>();
  const sounding = new Map<number, Strike>();
  for (const note of notes) {
    if (note.velocity === 0) continue;
    const start = grid.tickAt(note.time);
    const last = grid.tickAt(note.time + note.duration);
    let end = note.duration > 0 ? Math.max(start + 1, last) : start;
    const velocity = Math.max(1, Math.round(note.velocity));
    const before = sounding.get(note.key);
    if (before !== undefined && before.end > start) {
      if (before.start === start) {
        before.end = Math.max(before.end, end);
        before.velocity = Math.max(before.velocity, velocity);
        continue;
      }
      end = Math.max(end, before.end);
      before.end = start;
    }
    const strike: Strike = { start, end, key: note.key, velocity };
    strikes.set(note, strike);
    sounding.set(note.key, strike);
  }
  return strikes;
}
