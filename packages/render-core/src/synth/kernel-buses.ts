import type { PartAssignment, PartBus } from '../instruments/sound-source.js';
import type { KernelMemory } from './kernel-memory.js';

const BUSES = ['left', 'right', 'reverb', 'chorus'] as const;

/** Stand-ins in kernel memory for the buses that stand elsewhere. */
export class KernelBuses {
  readonly #memory: KernelMemory;
  readonly #insideOf = new Map<PartBus, PartBus>();
  readonly #addresses: number[] = [];

  /** @param frames most frames of a block */
  constructor(memory: KernelMemory, parts: readonly PartAssignment[], frames: number) {
    this.#memory = memory;
    for (const { bus } of parts) {
      if (this.#insideOf.has(bus) || BUSES.every((name) => memory.addressOf(bus[name]) !== null)) continue;
      const signal = () => {
        const address = memory.allocate(frames * 4);
        this.#addresses.push(address);
        return memory.float32(address, frames);
      };
      this.#insideOf.set(bus, { left: signal(), right: signal(), reverb: signal(), chorus: signal() });
    }
  }

  /** The parts, playing into kernel memory. */
  inside(parts: readonly PartAssignment[]): PartAssignment[] {
    return parts.map((part) => ({ ...part, bus: this.#insideOf.get(part.bus) ?? part.bus }));
  }

  clear(frames: number): void {
    for (const inside of this.#insideOf.values()) for (const name of BUSES) inside[name].fill(0, 0, frames);
  }

  /** Adds what was played to where it belongs. */
  addUp(frames: number, sends: boolean): void {
    for (const [bus, inside] of this.#insideOf) {
      addTo(bus.left, inside.left, frames);
      addTo(bus.right, inside.right, frames);
      if (!sends) continue;
      addTo(bus.reverb, inside.reverb, frames);
      addTo(bus.chorus, inside.chorus, frames);
    }
  }

  close(): void {
    for (const address of this.#addresses.splice(0)) this.#memory.free(address);
  }
}

function addTo(target: Float32Array, signal: Float32Array, frames: number): void {
  for (let i = 0; i < frames; i++) target[i]! += signal[i]!;
}
