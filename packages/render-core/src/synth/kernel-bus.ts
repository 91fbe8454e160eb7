import type { PartBus } from '../instruments/sound-source.js';
import { replaceNonFinite } from './finite-guard.js';
import { type KernelMemory, kernelMemory } from './kernel-memory.js';
import { KernelSignal } from './kernel-signal.js';

/** The names of a bus's signals, in the order in which loops go through them. */
export const BUS_SIGNALS = ['left', 'right', 'reverb', 'chorus'] as const;
/** Bit pattern of infinity: what is not below it is not a finite number. */
const INFINITY_BITS = 0x7f800000;

/** A bus in kernel memory: sources, effects and mixing in the kernel work on it where it stands. */
export class KernelBus implements PartBus {
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly reverb: Float32Array;
  readonly chorus: Float32Array;
  /** The four signals, in the order of {@link BUS_SIGNALS}. */
  readonly signals: readonly Float32Array[];
  readonly #memory: KernelMemory = kernelMemory();
  readonly #addresses: readonly number[];
  readonly #target: KernelSignal;
  #closed = false;

  /** @param frames most frames of a block, a multiple of 4 */
  constructor(frames: number) {
    const address = this.#memory.allocate(4 * frames * 4);
    this.#addresses = BUS_SIGNALS.map((_, index) => address + index * frames * 4);
    const signal = (index: number) => this.#memory.float32(this.#addresses[index]!, frames).fill(0);
    this.left = signal(0);
    this.right = signal(1);
    this.reverb = signal(2);
    this.chorus = signal(3);
    this.#target = new KernelSignal(this.#memory, frames);
    this.signals = [this.left, this.right, this.reverb, this.chorus];
  }

  clear(frames: number): void {
    for (let i = 0; i < 4; i++) this.silence(i, frames);
  }

  silence(signal: number, frames: number): void {
    this.#memory.kernel.silence(this.#addresses[signal]!, frames);
  }

  /**
   * Replaces NaN and infinities by silence in the first `count` signals. Returns how many samples there were.
   *
   * @param sounding becomes true for the signals that are more than zeros
   */
  mend(count: number, frames: number, sounding?: boolean[]): number {
    let replaced = 0;
    for (let i = 0; i < count; i++) {
      const magnitude = this.#memory.kernel.magnitude(this.#addresses[i]!, frames);
      if (magnitude >= INFINITY_BITS) replaced += replaceNonFinite(this.signals[i]!, frames);
      if (sounding !== undefined) sounding[i] = magnitude !== 0;
    }
    return replaced;
  }

  /** Adds a signal of another bus to the same one of this. */
  addScaled(signal: number, from: KernelBus, gain: number, frames: number): void {
    this.#memory.kernel.addScaled(this.#addresses[signal]!, from.#addresses[signal]!, gain, frames);
  }

  /** Adds a signal to the same one of any bus. */
  addTo(target: PartBus, signal: number, gain: number, frames: number): void {
    if (this.#memory.kernel.magnitude(this.#addresses[signal]!, frames) === 0) return;
    const to = target[BUS_SIGNALS[signal]!];
    this.#memory.kernel.addScaled(this.#target.enter(to, 0, frames), this.#addresses[signal]!, gain, frames);
    this.#target.leave(to, 0, frames);
  }

  /** Takes over a signal of another bus. */
  setScaled(signal: number, from: KernelBus, gain: number, frames: number): void {
    this.#memory.kernel.setScaled(this.#addresses[signal]!, from.#addresses[signal]!, gain, frames);
  }

  /** Gives the memory back. Safe to call twice. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#target.close();
    this.#memory.free(this.#addresses[0]!);
  }
}
