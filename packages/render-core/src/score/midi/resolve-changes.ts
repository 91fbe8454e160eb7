import type { PartEvent, SystemMessage } from '../performance.js';
import type { Change, TuningChange } from './change.js';
import type { RawEvent } from './part-builder.js';
import { PartTuning } from './part-tuning.js';
import { PercussionMode } from './percussion-mode.js';

/**
 * Turns what system exclusive messages change into events of one part, in place of the messages. What several messages or parameters make together
 * (fine and coarse tuning; a tuning program and its selection; a bank of drums and a program) becomes one event with the outcome.
 * @param channel 1-16
 * @param percussion whether the part counts as percussion from its start, which is what a reset takes it back to
 */
export function resolveChanges(raw: readonly RawEvent[], channel: number, percussion: boolean): PartEvent[] {
  const events: PartEvent[] = [];
  const mode = new PercussionMode(channel);
  const tuning = new PartTuning(mode.on);
  const drums = new DrumMap(channel === 10);
  /** What the part is by the events so far. */
  let said = percussion;
  for (const event of raw) {
    const { time } = event;
    if (tuning.pending && (event.kind === 'note' || time !== tuning.time)) tuning.flush(events);
    mode.follow(event);
    if (event.kind === 'note' && mode.on !== said) {
      said = mode.on;
      events.push({ kind: 'system', time, message: { type: 'percussion', on: said } });
    }
    if (event.kind === 'controller') tuning.controller(event);
    if (event.kind !== 'change') events.push(event);
    else if (drums.concerns(event.change)) resolve(event.change, time, tuning, events);
    if (event.kind === 'change' && event.change.type === 'reset') said = percussion;
    if (event.kind === 'change' && event.change.type === 'percussion') said = event.change.on;
    tuning.setPercussion(mode.on, time);
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
      events.push({ kind: 'system', time, message: systemMessage(change) });
  }
}
