import { parentPort, workerData } from 'node:worker_threads';
import type { PartAssignment } from '../../instruments/sound-source.js';
import { FontRenderer } from '../font-renderer.js';
import { joinKernelMemory, kernelMemory } from '../kernel-memory.js';
import type { ShardJob, ShardReply, ShardThreadData } from './shard-messages.js';
import { ShardRing, SLOT_FRAMES } from './shard-ring.js';

/** A thread that renders shards ahead of the thread that it helps. */
const { memory, owner } = workerData as ShardThreadData;
joinKernelMemory(memory, owner);

parentPort?.on('message', (job: ShardJob) => {
  const reply = (message: ShardReply) => job.port.postMessage(message);
  try {
    renderShards(job, reply);
  } catch (error) {
    reply({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  } finally {
    reply({ type: 'done' });
    job.port.close();
  }
});

function renderShards(job: ShardJob, reply: (message: ShardReply) => void): void {
  const kernel = kernelMemory();
  const shards = job.shards.map(({ ring: address, parts }) => {
    const ring = new ShardRing(kernel, address, job.busCount);
    const assignments = parts.map(
      ({ part, preset, bus }): PartAssignment => ({ part, preset, bus: ring.slot(0)[bus]! }),
    );
    const renderer = new FontRenderer(job.bank, kernel, assignments, {
      ...job,
      blockFrames: SLOT_FRAMES,
      maxVoices: null,
      warn: (warning) => reply({ type: 'warning', warning }),
    });
    return { ring, renderer };
  });
  try {
    for (let block = 0; ; block++) {
      for (const { ring, renderer } of shards) {
        if (!ring.waitToWrite(block)) return;
        const slot = ring.slot(block);
        for (const bus of slot) for (const signal of Object.values(bus) as Float32Array[]) signal.fill(0);
        renderer.redirect(ring.slot(0), slot);
        renderer.render(SLOT_FRAMES);
        ring.publish(block, renderer.voiceCount, renderer.active);
      }
    }
  } finally {
    for (const { renderer } of shards) renderer.close();
  }
}
