import { DRUM_KITS, GENERAL_MIDI_PROGRAMS } from '../general-midi.js';
import type { RawEvent } from './part-builder.js';

const BANK_MSB = 0;
/** Bank numbers that select drum kits on any channel: XG's kits and effects, General MIDI 2's kits. */
const XG_DRUM_BANKS = [126, 127];
const GM2_DRUM_BANK = 120;

/** What a part is when its first note sounds. */
export interface PartStart {
  readonly percussion: boolean;
  /** General MIDI name of its program or kit; null when it has chosen none. */
  readonly instrument: string | null;
}

/** Follows a part up to its first note. */
export function partStart(events: readonly RawEvent[], channel: number): PartStart {
  let percussion = channel === 10;
  let drumBank = false;
  let program: number | null = null;
  let bank = 0;
  let system = '';
  for (const event of events) {
    if (event.kind === 'note') break;
    if (event.kind === 'controller' && event.controller === BANK_MSB) bank = event.value;
    else if (event.kind === 'program') program = event.program;
    else if (event.kind === 'change') {
      const { change } = event;
      if (change.type === 'controller' && change.controller === BANK_MSB) bank = change.value;
      else if (change.type === 'program') program = change.program;
      else if (change.type === 'percussion') percussion = change.on;
      else if (change.type === 'reset') {
        system = change.system;
        percussion = channel === 10;
        drumBank = false;
        program = null;
        bank = 0;
      }
    }
    if (event.kind !== 'program') continue;
    drumBank = system === 'xg' ? XG_DRUM_BANKS.includes(bank) : system === 'gm2' && bank === GM2_DRUM_BANK;
  }
  percussion ||= drumBank;
  if (percussion) return { percussion, instrument: DRUM_KITS.get(program ?? 0) ?? 'Drums' };
  return { percussion, instrument: program === null ? null : GENERAL_MIDI_PROGRAMS[program]! };
}
