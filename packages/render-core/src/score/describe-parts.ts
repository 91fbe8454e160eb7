import type { InstrumentName, Performance } from './performance.js';

/** What a part is and asks for, without its events. */
export interface PartSummary {
  readonly index: number;
  readonly name: string;
  readonly channel: number | null;
  readonly port: number;
  readonly percussion: boolean;
  readonly instrument: InstrumentName | null;
  /** Programs that the part changes to, in order of appearance, each once. */
  readonly programs: readonly number[];
  readonly noteCount: number;
  readonly lowestKey: number | null;
  readonly highestKey: number | null;
}

/** Sums up every part of a score. */
export function describeParts(performance: Performance): PartSummary[] {
  return performance.parts.map((part) => {
    const programs = new Set<number>();
    let noteCount = 0;
    let lowest = 128;
    let highest = -1;
    for (const event of part.events) {
      if (event.kind === 'program') programs.add(event.program);
      else if (event.kind === 'note') {
        noteCount++;
        lowest = Math.min(lowest, event.key);
        highest = Math.max(highest, event.key);
      }
    }
    return {
      index: part.index,
      name: part.name,
      channel: part.channel,
      port: part.port,
      percussion: part.percussion,
      instrument: part.instrument,
      programs: [...programs],
      noteCount,
      lowestKey: noteCount > 0 ? lowest : null,
      highestKey: noteCount > 0 ? highest : null,
    };
  });
}
