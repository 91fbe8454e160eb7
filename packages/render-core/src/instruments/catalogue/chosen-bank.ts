import type { PartOptions } from '../../options/part-options.js';
import type { Part, PartEvent } from '../../score/performance.js';

const BANK_MSB = 0;
const BANK_LSB = 32;

/** A part as the request's bank has it played: one that follows its own programs takes all of them from there. Kits are in no bank. */
export function inChosenBank(part: Part, options: PartOptions | null): Part {
  const bank = options?.bank;
  if (bank === undefined || options?.instrument !== undefined) return part;
  return part.instrument !== null || part.percussion ? part : { ...part, events: eventsInBank(part.events, bank) };
}

/** @param bank up to 127 the coarse number alone, as sound fonts count banks */
function eventsInBank(given: readonly PartEvent[], bank: number): PartEvent[] {
  const [coarse, fine] = bank > 127 ? [bank >> 7, bank & 127] : [bank, 0];
  const events: PartEvent[] = [];
  // From the end, so that it is known whether a program change comes before the next note: a bank by itself selects nothing.
  let programFollows = true;
  const select = (time: number) => {
    if (!programFollows) events.push({ kind: 'program', time, program: 0 });
    events.push({ kind: 'controller', time, controller: BANK_LSB, value: fine });
    events.push({ kind: 'controller', time, controller: BANK_MSB, value: coarse });
  };
  for (const event of given.toReversed()) {
    if (event.kind === 'controller' && (event.controller === BANK_MSB || event.controller === BANK_LSB)) continue;
    if (event.kind === 'program') programFollows = true;
    else if (event.kind === 'note') programFollows = false;
    if (event.kind !== 'system' || event.message.type !== 'reset') {
      events.push(event);
      continue;
    }
    select(event.time);
    programFollows = true;
    // General MIDI by itself has no banks.
    const { system } = event.message;
    events.push({ ...event, message: { type: 'reset', system: system === 'gm' ? 'gs' : system } });
  }
  select(0);
  return events.reverse();
}
