import { parentPort, workerData } from 'node:worker_threads';
import type { PartAssignment, PartBus } from '../../instruments/sound-source.js';
import type { BankData } from '../bank/bank-data.js';
import { FontRenderer } from '../font-renderer.js';
import { joinKernelMemory, type KernelMemory, kernelMemory } from '../kernel-memory.js';
import type { ShardJob, ShardReply, ShardThreadData } from './shard-messages.js';
import { BLOCK_FRAMES, BUS_BYTES, ShardRing, SIGNAL_BYTES, SLOT_BLOCKS } from './shard-ring.js';

/** A thread that renders shards ahead of the thread that it helps. */
const { memory, owner } = workerData as ShardThreadData;
joinKernelMemory(memory, owner);

const banks = new Map<number, BankData>();

parentPort?.on('message', (job: ShardJob) => {
  for (const number of job.forgottenBanks) banks.delete(number);
  if (job.newBank !== null) banks.set(job.bank, job.newBank);
  const reply = (message: ShardReply) => job.port.postMessage(message);
  try {
    renderShards(banks.get(job.bank)!, job, reply);
  } catch (error) {
    reply({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  } finally {
    reply({ type: 'done' });
    job.port.close();
  }
});

function renderShards(bank: BankData, job: ShardJob, reply: (message: ShardReply) => void): void {
  const kernel = kernelMemory();
  const ring = new ShardRing(kernel, job.ring);
  const renderers = job.shards.map((parts, shard) => {
    const buses = ringBuses(kernel, ring.address(0, shard), job.ring.busCounts[shard]!);
    const assignments = parts.map(({ part, preset, bus }): PartAssignment => ({ part, preset, bus: buses[bus]! }));
    return new FontRenderer(bank, kernel, assignments, {
      ...job,
      blockFrames: BLOCK_FRAMES,
      maxVoices: null,
      warn: (warning) => reply({ type: 'warning', warning }),
    });
  });
  try {
    for (let slot = 0; ring.waitToWrite(slot); slot += SLOT_BLOCKS) {
      for (const [shard, renderer] of renderers.entries()) {
        for (let block = slot; block < slot + SLOT_BLOCKS; block++) {
          renderer.redirect(ring.address(block, shard) - ring.address(0, shard));
          renderer.overwrite(BLOCK_FRAMES);
          ring.setCounts(block, shard, renderer.voiceCount, renderer.active);
        }
      }
      ring.publish(slot);
    }
  } finally {
    for (const renderer of renderers) renderer.close();
  }
}

/** The buses of a shard in the first block of a ring. */
function ringBuses(memory: KernelMemory, address: number, count: number): PartBus[] {
  return Array.from({ length: count }, (_, bus) => {
    const signal = (index: number) => memory.float32(address + bus * BUS_BYTES + index * SIGNAL_BYTES, BLOCK_FRAMES);
    return { left: signal(0), right: signal(1), reverb: signal(2), chorus: signal(3) };
  });
}
