import type { OpenNote } from './part-builder.js';

interface Queue {
  readonly notes: OpenNote[];
  /** Index of the first that still sounds. */
  first: number;
}

/** The notes of a track that have started and not ended. Of equal keys on one channel the first to start is the first to end. */
export class OpenNotes {
  readonly #queues = new Map<number, Queue>();

  start(slot: number, note: OpenNote): void {
    const queue = this.#queues.get(slot);
    if (queue === undefined) this.#queues.set(slot, { notes: [note], first: 0 });
    else queue.notes.push(note);
  }

  /** Ends the longest-sounding note of a slot, if there is one. */
  end(slot: number, time: number): void {
    const queue = this.#queues.get(slot);
    if (queue === undefined || queue.first === queue.notes.length) return;
    const note = queue.notes[queue.first++]!;
    note.duration = time - note.time;
    if (queue.first === queue.notes.length) {
      queue.notes.length = 0;
      queue.first = 0;
    }
  }

  /** Ends everything. @returns how many notes had no end of their own. */
  endAll(time: number): number {
    let count = 0;
    for (const { notes, first } of this.#queues.values())
      for (let index = first; index < notes.length; index++) {
        const note = notes[index]!;
        note.duration = time - note.time;
        count++;
      }
    this.#queues.clear();
    return count;
  }
}
