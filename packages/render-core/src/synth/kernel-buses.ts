import type { PartAssignment, PartBus } from '../instruments/sound-source.js';
import type { KernelMemory } from './kernel-memory.js';

/** Stand-ins in kernel memory for the buses that stand elsewhere. */
export class KernelBuses {
  readonly #memory: KernelMemory;
  readonly #insideOf = new Map<PartBus, PartBus>();
  readonly #signals: readonly (keyof PartBus)[];
  readonly #addresses: number[] = [];

  /**
   * @param frames most frames of a block
   * @param sends whether anything listens to the sends
   */
  constructor(memory: KernelMemory, parts: readonly PartAssignment[], frames: number, sends: boolean) {
    this.#memory = memory;
    this.#signals = sends ? ['left', 'right', 'reverb', 'chorus'] : ['left', 'right'];
    for (const { bus } of parts) {
      if (this.#insideOf.has(bus) || this.#signals.every((name) => memory.addressOf(bus[name]) !== null)) continue;
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

  /** Brings in what the buses hold already. */
  enter(frames: number): void {
    for (const [bus, inside] of this.#insideOf) {
      for (const name of this.#signals) copy(bus[name], inside[name], frames);
    }
  }

  /** Takes out what has been added to it. */
  leave(frames: number): void {
    for (const [bus, inside] of this.#insideOf) {
      for (const name of this.#signals) copy(inside[name], bus[name], frames);
    }
  }

  close(): void {
    for (const address of this.#addresses.splice(0)) this.#memory.free(address);
  }
}

function copy(from: Float32Array, to: Float32Array, frames: number): void {
  to.set(from.length === frames ? from : from.subarray(0, frames));
}

/** Buses in kernel memory from an address on: four signals each, `signalBytes` apart, of which `frames` frames are used. */
export function busesAt(
  memory: KernelMemory,
  address: number,
  count: number,
  signalBytes: number,
  frames: number,
): PartBus[] {
  return Array.from({ length: count }, (_, bus) => {
    const signal = (index: number) => memory.float32(address + (bus * 4 + index) * signalBytes, frames);
    return { left: signal(0), right: signal(1), reverb: signal(2), chorus: signal(3) };
  });
}
