import type { Change } from './change.js';
import type { RawEvent } from './part-builder.js';

const BANK_MSB = 0;
/** Bank numbers that select drum kits on any channel: XG's kits and effects, General MIDI 2's kits. */
const XG_DRUM_BANKS: readonly number[] = [126, 127];
const GM2_DRUM_BANK = 120;

/**
 * Follows whether the keys of a part are drums: on channel 10, where a message makes it a rhythm part, and where a program change takes a kit from a
 * bank of drums.
 */
export class PercussionMode {
  #rhythm: boolean;
  #kitChosen = false;
  #bank = 0;
  #system = '';

  /** @param channel 1-16 */
  constructor(private readonly channel: number) {
    this.#rhythm = channel === 10;
  }

  get on(): boolean {
    return this.#rhythm || this.#kitChosen;
  }

  follow(event: RawEvent): void {
    if (event.kind === 'controller') this.#controller(event.controller, event.value);
    else if (event.kind === 'program') this.#program();
    else if (event.kind === 'change') this.#change(event.change);
  }

  #change(change: Change): void {
    switch (change.type) {
      case 'controller':
        this.#controller(change.controller, change.value);
        break;
      case 'program':
        this.#program();
        break;
      case 'percussion':
        this.#rhythm = change.on;
        this.#kitChosen = false;
        break;
      case 'reset':
        this.#system = change.system;
        this.#rhythm = this.channel === 10;
        this.#kitChosen = false;
        this.#bank = 0;
    }
  }

  #controller(controller: number, value: number): void {
    if (controller === BANK_MSB) this.#bank = value;
  }

  #program(): void {
    this.#kitChosen =
      this.#system === 'xg'
        ? XG_DRUM_BANKS.includes(this.#bank)
        : this.#system === 'gm2' && this.#bank === GM2_DRUM_BANK;
  }
}
