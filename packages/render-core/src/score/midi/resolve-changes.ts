import type { PartEvent, SystemMessage } from '../performance.js';
import type { Change } from './change.js';
import type { RawEvent } from './part-builder.js';
import { PartTuning } from './part-tuning.js';

/**
 * Turns what system exclusive messages change into events of one part, in place of the messages. What several messages or parameters make together
 * (fine and coarse tuning; a tuning program and its selection) becomes one event with the outcome.
 * @param percussion whether the part's keys are drums when it starts
 */
export function resolveChanges(raw: readonly RawEvent[], percussion: boolean): PartEvent[] {
  const events: PartEvent[] = [];
  const tuning = new PartTuning(percussion);
  for (const event of raw) {
    if (tuning.pending && (event.kind === 'note' || event.time !== tuning.time)) tuning.flush(events);
    if (event.kind === 'controller') tuning.controller(event);
    if (event.kind !== 'change') events.push(event);
    else resolve(event.change, event.time, tuning, events);
  }
  tuning.flush(events);
  return events;
}

function resolve(change: Change, time: number, tuning: PartTuning, events: PartEvent[]): void {
  switch (change.type) {
    case 'controller':
      tuning.controller({ kind: 'controller', time, controller: change.controller, value: change.value });
      events.push({ kind: 'controller', time, controller: change.controller, value: change.value });
      return;
    case 'program':
      events.push({ kind: 'program', time, program: change.program });
      return;
    case 'fineTuning':
    case 'coarseTuning':
    case 'scaleTuning':
    case 'keyTuning':
      tuning.change(change, time);
      return;
    default:
      // Order matters between a reset and the tunings before it.
      tuning.flush(events);
      if (change.type === 'reset') tuning.reset();
      if (change.type === 'percussion') tuning.percussion = change.on;
      events.push({ kind: 'system', time, message: change satisfies SystemMessage });
  }
}
