import type { NoteEvent, PartEvent } from '../performance.js';
import type { Change } from './change.js';

/** An event on its way into a part: system exclusive changes are not resolved yet. */
export type RawEvent = PartEvent | { readonly kind: 'change'; readonly time: number; readonly change: Change };

/** A note whose end is not known yet. */
export type OpenNote = { -readonly [Key in keyof NoteEvent]: NoteEvent[Key] };

/**
 * Gathers the events of one part from any number of tracks and puts them in order: by time; at equal times what a track says before its first
 * note of that time comes first, then everything in the order of the file.
 */
export class PartBuilder {
  readonly #events: RawEvent[] = [];
  readonly #ranks: number[] = [];
  #sorted = true;

  /** @param rank order among the events of the same time, see {@link eventRank}. */
  add(event: RawEvent, rank: number): void {
    const last = this.#events.length - 1;
    if (last >= 0 && this.#sorted) {
      const time = this.#events[last]!.time;
      if (event.time < time || (event.time === time && rank < this.#ranks[last]!)) this.#sorted = false;
    }
    this.#events.push(event);
    this.#ranks.push(rank);
  }

  build(): RawEvent[] {
    if (this.#sorted) return this.#events;
    const order = this.#events.map((_, index) => index);
    order.sort((a, b) => this.#events[a]!.time - this.#events[b]!.time || this.#ranks[a]! - this.#ranks[b]!);
    return order.map((index) => this.#events[index]!);
  }
}

/** Byte offsets stay below this. */
const PHASE = 2 ** 40;

/** Rank of the event at a byte offset of the file; `noteBefore` tells that its track has had a note at the same tick. */
export function eventRank(offset: number, noteBefore: boolean): number {
  return noteBefore ? PHASE + offset : offset;
}
