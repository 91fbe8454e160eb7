import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { kernelMemory } from '../kernel-memory.js';
import { SHARDS } from './plan-shards.js';
import type { ShardJob, ShardThreadData } from './shard-messages.js';

/** Helper threads of this thread that have nothing to do; they are started once and used again. */
const idle: Worker[] = [];

/** A helper thread at work. */
export interface ShardWorker {
  /** Where it says what went wrong; to be read with receiveMessageOnPort, since its reader blocks. */
  readonly port: MessagePort;
  /** Puts the thread back; it must have been told to stop. */
  release(): void;
}

/** Starts helper threads for this thread before they are needed: a thread takes a while until it can work. */
export function prepareHelpers(count: number): void {
  while (idle.length < Math.min(count, SHARDS)) idle.push(startThread());
}

/** Gives shards to a helper thread. */
export function startShards(job: Omit<ShardJob, 'port'>): ShardWorker {
  const worker = idle.pop() ?? startThread();
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ ...job, port: port2 } satisfies ShardJob, [port2]);
  port1.unref();
  return {
    port: port1,
    release: () => {
      port1.close();
      idle.push(worker);
    },
  };
}

function startThread(): Worker {
  const memory = kernelMemory();
  const data: ShardThreadData = { memory: memory.memory, owner: memory.owner };
  const worker = new Worker(new URL('./shard-thread.js', import.meta.url), { workerData: data });
  // A helper must not keep the thread alive that it helps.
  worker.unref();
  return worker;
}
