import { parentPort, workerData } from 'node:worker_threads';
import type { PartAssignment } from '../../instruments/sound-source.js';
import type { BankData } from '../bank/bank-data.js';
import { busesAt } from '../kernel-buses.js';
import { joinKernelMemory, kernelMemory } from '../kernel-memory.js';
import type { ShardJob, ShardReply, ShardThreadData } from './shard-messages.js';
import { BLOCK_FRAMES, ShardRing, SIGNAL_BYTES, SLOT_BLOCKS } from './shard-ring.js';
import { ShardStream } from './shard-stream.js';

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
  const streams = job.streams.map((shards, stream) => {
    // Those of the first block; the stream is sent on from block to block.
    const buses = busesAt(kernel, ring.address(0, stream), job.ring.busCounts[stream]!, SIGNAL_BYTES, BLOCK_FRAMES);
    const assignments = shards.map((parts) =>
      parts.map(({ part, preset, bus }): PartAssignment => ({ part, preset, bus: buses[bus]! })),
    );
    return new ShardStream(bank, kernel, assignments, {
      ...job,
      blockFrames: BLOCK_FRAMES,
      maxVoices: null,
      warn: (warning) => reply({ type: 'warning', warning }),
    });
  });
  try {
    for (let slot = 0; ring.waitToWrite(slot); slot += SLOT_BLOCKS) {
      for (const [index, stream] of streams.entries()) {
        for (let block = slot; block < slot + SLOT_BLOCKS; block++) {
          stream.redirect(ring.address(block, index) - ring.address(0, index));
          stream.render(BLOCK_FRAMES);
          ring.setCounts(block, index, stream.voiceCount, stream.active);
        }
      }
      ring.publish(slot);
    }
  } finally {
    for (const stream of streams) stream.close();
  }
}
