import type { NoteEvent, Part, PartEvent } from '../score/performance.js';

/** A part with every time as a frame and every release known: key releases, pedals, mono mode and "notes off" are worked out. */
export interface Timeline {
  /** In order; `release` and `cut` belong to notes. */
  readonly steps: readonly Step[];
}

export interface Step {
  /** Frame from the start of the score. */
  readonly frame: number;
  readonly event: PartEvent;
  /** Frame at which a note is released. */
  release: number;
  /** Key from which a mono note glides when portamento is on, or -1. */
  readonly glideFrom: number;
}

const SUSTAIN = 64;
const SOSTENUTO = 66;
const ALL_SOUND_OFF = 120;
const RESET_CONTROLLERS = 121;
const ALL_NOTES_OFF = 123;
const MONO = 126;
const POLY = 127;

interface Held {
  readonly step: Step;
  readonly note: NoteEvent;
  /** Frame at which the key goes up. */
  readonly up: number;
  keyDown: boolean;
  sostenuto: boolean;
}

/** Works out a part's frames and releases at a sample rate in Hz. */
export function timeline(part: Part, sampleRate: number): Timeline {
  return new TimelineBuilder(sampleRate).build(part);
}

class TimelineBuilder {
  readonly #sampleRate: number;
  readonly #steps: Step[] = [];
  /** Keys that are down, by the frame at which they go up: a heap. */
  readonly #keys = new UpHeap();
  /** Notes that a pedal holds. */
  #pedalled: Held[] = [];
  #sustain = false;
  #mono = false;
  /** Keys down in mono mode, the newest last. */
  #stack: Held[] = [];
  #lastKey = -1;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  build(part: Part): Timeline {
    let reordered = false;
    for (const event of part.events) {
      const frame = Math.round(event.time * this.#sampleRate);
      reordered = this.#keysUp(frame) || reordered;
      if (event.kind === 'note') this.#note(event, frame);
      else {
        if (event.kind === 'controller') this.#controller(event.controller, event.value, frame);
        else if (event.kind === 'system' && event.message.type === 'reset') this.#reset(frame);
        this.#steps.push({ frame, event, release: 0, glideFrom: -1 });
      }
    }
    this.#keysUp(Number.POSITIVE_INFINITY);
    // A pedal that is never lifted lets the strings ring; it goes up with the last key or event.
    const end = this.#steps.reduce(
      (last, step) => Math.max(last, step.frame, Number.isFinite(step.release) ? step.release : 0),
      0,
    );
    for (const held of this.#pedalled) held.step.release = Math.max(end, held.step.frame);
    if (reordered) this.#steps.sort((a, b) => a.frame - b.frame);
    return { steps: this.#steps };
  }

  #note(note: NoteEvent, frame: number): void {
    if (note.velocity <= 0) return;
    // Rounded apart from the onset: notes of equal length have equal lengths in frames, wherever they begin.
    const up = frame + Math.round(note.duration * this.#sampleRate);
    const glideFrom = this.#lastKey;
    this.#lastKey = note.key;
    const step: Step = { frame, event: note, release: Number.POSITIVE_INFINITY, glideFrom };
    const held: Held = { step, note, up, keyDown: true, sostenuto: false };
    if (this.#mono) {
      for (const other of this.#stack) if (other.step.release > frame) other.step.release = frame;
      for (const other of this.#pedalled) other.step.release = frame;
      this.#pedalled = [];
      this.#stack.push(held);
    }
    this.#steps.push(step);
    this.#keys.push(held);
  }

  /** Keys that go up by a frame. Returns true when mono mode brought an older key back, out of order. */
  #keysUp(frame: number): boolean {
    let broughtBack = false;
    for (let held = this.#keys.takeUpTo(frame); held !== null; held = this.#keys.takeUpTo(frame)) {
      if (!held.keyDown) continue;
      held.keyDown = false;
      const inStack = this.#stack.indexOf(held);
      if (inStack >= 0) {
        const wasNewest = inStack === this.#stack.length - 1;
        this.#stack.splice(inStack, 1);
        const older = this.#stack.at(-1);
        if (wasNewest && older !== undefined && this.#mono && !this.#sustain) {
          held.step.release = held.up;
          this.#bringBack(older, held);
          broughtBack = true;
          continue;
        }
      }
      if (held.step.release <= held.up) continue;
      if (this.#sustain || held.sostenuto) this.#pedalled.push(held);
      else held.step.release = held.up;
    }
    return broughtBack;
  }

  /** In mono mode the key that is still down sounds again when the newer one goes up. */
  #bringBack(older: Held, newer: Held): void {
    const step: Step = {
      frame: newer.up,
      event: older.note,
      release: Number.POSITIVE_INFINITY,
      glideFrom: newer.note.key,
    };
    const again: Held = { step, note: older.note, up: older.up, keyDown: true, sostenuto: false };
    older.keyDown = false;
    this.#stack[this.#stack.length - 1] = again;
    this.#steps.push(step);
    this.#keys.push(again);
    this.#lastKey = older.note.key;
  }

  #controller(number: number, value: number, frame: number): void {
    switch (number) {
      case SUSTAIN:
        this.#sustain = value >= 64;
        if (!this.#sustain) this.#pedalsUp(frame, (held) => !held.sostenuto);
        break;
      case SOSTENUTO:
        if (value >= 64) for (const held of this.#keys.all()) held.sostenuto = held.keyDown;
        else {
          for (const held of this.#keys.all()) held.sostenuto = false;
          for (const held of this.#pedalled) held.sostenuto = false;
          if (!this.#sustain) this.#pedalsUp(frame, () => true);
        }
        break;
      case RESET_CONTROLLERS:
        this.#sustain = false;
        for (const held of this.#keys.all()) held.sostenuto = false;
        this.#pedalsUp(frame, () => true);
        break;
      case ALL_SOUND_OFF:
        this.#allOff(frame, true);
        break;
      case MONO:
      case POLY:
        this.#allOff(frame, false);
        this.#mono = number === MONO;
        break;
      default:
        // Omni off and on are "all notes off" too (MIDI 1.0, channel mode messages).
        if (number >= ALL_NOTES_OFF && number < MONO) this.#allOff(frame, false);
    }
  }

  #pedalsUp(frame: number, which: (held: Held) => boolean): void {
    for (const held of this.#pedalled) if (which(held)) held.step.release = frame;
    this.#pedalled = this.#pedalled.filter((held) => !which(held));
  }

  /** Lets go of all keys; pedals hold what they hold unless `pedals`. */
  #allOff(frame: number, pedals: boolean): void {
    for (const held of this.#keys.all()) {
      if (!held.keyDown) continue;
      held.keyDown = false;
      if (held.step.release <= frame) continue;
      if (!pedals && (this.#sustain || held.sostenuto)) this.#pedalled.push(held);
      else held.step.release = frame;
    }
    this.#stack = [];
    this.#keys.clear();
    if (pedals) this.#pedalsUp(frame, () => true);
  }

  #reset(frame: number): void {
    this.#sustain = false;
    this.#mono = false;
    this.#allOff(frame, true);
  }
}

/** Keys by the frame at which they go up. */
class UpHeap {
  readonly #heap: Held[] = [];

  all(): readonly Held[] {
    return this.#heap;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  push(held: Held): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(held);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.up <= held.up) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = held;
  }

  takeUpTo(frame: number): Held | null {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.up > frame) return null;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.up < heap[child]!.up) child++;
      if (heap[child]!.up >= last.up) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
