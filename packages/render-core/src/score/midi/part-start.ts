import { DRUM_KITS, GENERAL_MIDI_PROGRAMS } from '../general-midi.js';
import type { RawEvent } from './part-builder.js';
import { PercussionMode } from './percussion-mode.js';

/** What a part is when its first note sounds. */
export interface PartStart {
  readonly percussion: boolean;
  /** General MIDI name of its program or kit; null when it has chosen none. */
  readonly instrument: string | null;
}

/** Follows a part up to its first note. */
export function partStart(events: readonly RawEvent[], channel: number): PartStart {
  const mode = new PercussionMode(channel);
  let program: number | null = null;
  for (const event of events) {
    if (event.kind === 'note') break;
    mode.follow(event);
    if (event.kind === 'program') program = event.program;
    else if (event.kind === 'change') {
      if (event.change.type === 'program') program = event.change.program;
      else if (event.change.type === 'reset') program = null;
    }
  }
  if (mode.on) return { percussion: true, instrument: DRUM_KITS.get(program ?? 0) ?? 'Drums' };
  return { percussion: false, instrument: program === null ? null : GENERAL_MIDI_PROGRAMS[program]! };
}
