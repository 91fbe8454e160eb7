import { drumKitByName, programByName } from '../general-midi.js';
import type { Part } from '../performance.js';
import type { WarningList } from '../warning-list.js';

export const PERCUSSION_CHANNEL = 10;
export const MELODIC_CHANNELS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16];

/** What a bank select and a program change choose. */
export interface Preset {
  /** 0-16383; up to 127 it is the coarse number alone, as in sound fonts. */
  readonly bank: number;
  readonly program: number;
}

/** The preset to write for a part that names its instrument; null when its events choose for themselves. */
export function presetOf(part: Part, programOf: (part: Part) => number | null, warnings: WarningList): Preset | null {
  const { instrument } = part;
  if (instrument === null) return null;
  const name = instrument.name ?? '';
  const known = instrument.program ?? programOf(part) ?? (part.percussion ? drumKitByName(name) : programByName(name));
  if (known === null && !part.percussion && part.events.length > 0)
    warnings.add(
      'midi-export-program',
      `General MIDI has no instrument "${name}": the part "${part.name}" is written with program 0 (Acoustic Grand Piano).`,
      instrument.pointer,
    );
  return { bank: instrument.bank, program: known ?? 0 };
}
