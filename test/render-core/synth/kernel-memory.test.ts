import { describe, expect, test } from '@jest/globals';
import { KernelMemory } from '@musistrata/render-core/synth/kernel-memory.js';

/** Takes and gives back in a fixed, wild order; every block in use keeps a pattern of its own. */
function exercise(memory: KernelMemory, steps: number, seed: number): Map<number, number> {
  const used = new Map<number, number>();
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let step = 0; step < steps; step++) {
    if (used.size > 0 && next(3) === 0) {
      const address = [...used.keys()][next(used.size)]!;
      memory.free(address);
      used.delete(address);
    } else {
      const bytes = 4 * (1 + next(2000));
      const address = memory.allocate(bytes);
      memory.int32(address, bytes / 4).fill(address);
      used.set(address, bytes);
    }
  }
  return used;
}

describe('kernel memory', () => {
  test('never gives the same bytes to two', () => {
    const memory = new KernelMemory();
    const used = exercise(memory, 2000, 1);
    for (const [address, bytes] of used) {
      expect(address % 64).toBe(0);
      expect(memory.int32(address, bytes / 4).every((word) => word === address)).toBe(true);
    }
  });

  test('is whole again when everything has been given back', () => {
    const memory = new KernelMemory();
    const first = memory.allocate(64);
    memory.free(first);
    for (const address of exercise(memory, 500, 2).keys()) memory.free(address);
    expect(memory.allocate(1024)).toBe(first);
  });

  test('takes back what an ended thread had, and nothing else', () => {
    const own = new KernelMemory();
    const other = new KernelMemory(own.memory, 77);
    const before = exercise(own, 200, 3);
    exercise(other, 300, 4);
    const mine = own.allocate(4096);
    own.int32(mine, 1024).fill(5);
    const size = own.memory.buffer.byteLength;
    for (let round = 0; round < 50; round++) {
      own.reclaim(77);
      exercise(other, 300, 4);
    }
    own.reclaim(77);
    expect(own.memory.buffer.byteLength).toBeLessThanOrEqual(size + 65536);
    expect(own.int32(mine, 1024).every((word) => word === 5)).toBe(true);
    for (const [address, bytes] of before) {
      expect(own.int32(address, bytes / 4).every((word) => word === address)).toBe(true);
      own.free(address);
    }
  });

  test('works on after a thread was ended inside the allocator', () => {
    const own = new KernelMemory();
    // The lock is the first word of the second page: held by thread 9.
    Atomics.store(new Int32Array(own.memory.buffer, 65536, 1), 0, 9 + 1);
    own.reclaim(9);
    expect(own.allocate(64)).toBeGreaterThan(0);
  });
});
