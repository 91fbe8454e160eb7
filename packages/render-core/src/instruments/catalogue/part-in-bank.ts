import type { Part, PartEvent } from '../../score/performance.js';

const BANK_MSB = 0;
const BANK_LSB = 32;

/**
 * A part that chooses its programs itself, with all of them taken from one bank.
 * @param bank up to 127 the coarse number alone, as sound fonts count banks
 */
export function partInBank(part: Part, bank: number): Part {
  const [coarse, fine] = bank > 127 ? [bank >> 7, bank & 127] : [bank, 0];
  const select = (time: number): PartEvent[] => [
    { kind: 'controller', time, controller: BANK_MSB, value: coarse },
    { kind: 'controller', time, controller: BANK_LSB, value: fine },
    { kind: 'program', time, program: 0 },
  ];
  const events = part.events.flatMap((event): PartEvent[] => {
    if (event.kind === 'controller' && (event.controller === BANK_MSB || event.controller === BANK_LSB)) return [];
    if (event.kind !== 'system' || event.message.type !== 'reset') return [event];
    // General MIDI by itself has no banks.
    const { system } = event.message;
    return [{ ...event, message: { type: 'reset', system: system === 'gm' ? 'gs' : system } }, ...select(event.time)];
  });
  return { ...part, events: [...select(0), ...events] };
}
