import type { NoteEvent } from '../performance.js';
import type { TickGrid } from './tick-grid.js';

/** A note as it is written: when its key goes down and up. Notes of one key that are struck together end together. */
export interface Strike {
  readonly start: number;
  readonly span: { end: number };
  readonly key: number;
  readonly velocity: number;
}

/**
 * Puts notes on ticks. One channel has each key only once, and many synthesizers end every note of a key at its first note-off. Therefore a key that
 * is struck while it sounds is let go first, and the new note lasts as long as either; struck twice at one moment, it is let go with the later.
 * Notes of velocity 0 are silent and left out.
 * @param notes in order of time
 */
export function keyStrikes(notes: readonly NoteEvent[], grid: TickGrid): Map<NoteEvent, Strike> {
  const strikes = new Map<NoteEvent, Strike>();
  /** The last strike of every key. */
  const sounding = new Map<number, Strike>();
  for (const note of notes) {
    if (note.velocity === 0) continue;
    const { key } = note;
    const start = grid.tickAt(note.time);
    const last = grid.tickAt(note.time + note.duration);
    const end = note.duration > 0 ? Math.max(start + 1, last) : start;
    const before = sounding.get(key);
    let span = { end };
    if (before !== undefined && before.span.end > start) {
      span.end = Math.max(end, before.span.end);
      before.span.end = before.start === start ? span.end : start;
      if (before.start === start) span = before.span;
    }
    const strike = { start, span, key, velocity: Math.max(1, Math.round(note.velocity)) };
    strikes.set(note, strike);
    sounding.set(key, strike);
  }
  return strikes;
}
