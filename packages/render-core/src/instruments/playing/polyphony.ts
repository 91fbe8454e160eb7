import type { ScheduledNote } from './note-schedule.js';

/** The most notes that sound at once when each lasts `tailFrames` beyond its release, or the voice limit if that is less. */
export function mostAtOnce(notes: readonly ScheduledNote[], tailFrames: number, maxVoices: number | null): number {
  const ends = Float64Array.from(notes, (note) => note.releaseFrame + tailFrames).sort();
  let most = 0;
  let ended = 0;
  for (let started = 0; started < notes.length; started++) {
    while (ends[ended]! < notes[started]!.onsetFrame) ended++;
    most = Math.max(most, started + 1 - ended);
  }
  return Math.min(most, maxVoices ?? most);
}
