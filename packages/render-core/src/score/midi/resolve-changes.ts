import type { PartEvent, SystemMessage } from '../performance.js';
import type { Change, TuningChange } from './change.js';
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
  const drums = new DrumMap(percussion);
  for (const event of raw) {
    if (tuning.pending && (event.kind === 'note' || event.time !== tuning.time)) tuning.flush(events);
    if (event.kind === 'controller') tuning.controller(event);
    if (event.kind !== 'change') events.push(event);
    else if (drums.concerns(event.change)) resolve(event.change, event.time, tuning, events);
  }
  tuning.flush(events);
  return events;
}

/** Which drum map or setup a part plays: the first on the usual drum channel. */
class DrumMap {
  #map: number;
  readonly #usual: number;

  constructor(percussion: boolean) {
    this.#usual = percussion ? 1 : 0;
    this.#map = this.#usual;
  }

  /** Follows a change; false when it is for parts that play another map. */
  concerns(change: Change): boolean {
    if (change.type === 'reset') this.#map = this.#usual;
    if (change.type === 'percussion') this.#map = change.map;
    return change.type !== 'controller' || change.map === undefined || change.map === this.#map;
  }
}

function systemMessage(change: Exclude<Change, { type: 'controller' | 'program' } | TuningChange>): SystemMessage {
  return change.type === 'percussion' ? { type: 'percussion', on: change.on } : change;
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
      events.push({ kind: 'system', time, message: systemMessage(change) });
  }
}
