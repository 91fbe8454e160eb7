import { CARRIED } from './voice-layout.js';

const WORDS = CARRIED >> 2;
/** Different notes that a part plays before a controller moves; 330 KB of them. */
const MOST = 1024;

/**
 * Voices of a part as they were set up, by zone, key and velocity, for as long as nothing but notes comes: notes repeat, and working a voice out takes
 * ten times as long as copying it.
 */
export class VoiceTemplates {
  readonly #known = new Map<number, Int32Array>();

  /** To be called before anything changes that a voice depends on. */
  clear(): void {
    if (this.#known.size > 0) this.#known.clear();
  }

  /** Sets a voice up as one that started alike; false when there was none. */
  copy(zone: number, key: number, velocity: number, voice: Int32Array): boolean {
    const known = this.#known.get(number(zone, key, velocity));
    if (known === undefined) return false;
    voice.set(known);
    return true;
  }

  /** Keeps a voice that has just been set up. Velocities between whole numbers are not kept. */
  keep(zone: number, key: number, velocity: number, voice: Int32Array): void {
    if (this.#known.size < MOST && Number.isInteger(velocity))
      this.#known.set(number(zone, key, velocity), voice.slice(0, WORDS));
  }
}

function number(zone: number, key: number, velocity: number): number {
  return (zone * 128 + key) * 128 + velocity;
}
