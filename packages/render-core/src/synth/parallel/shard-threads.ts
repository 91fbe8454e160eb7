import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { BankData } from '../bank/bank-data.js';
import { kernelMemory } from '../kernel-memory.js';
import { SHARDS } from './plan-shards.js';
import type { ShardJob, ShardThreadData } from './shard-messages.js';

/** A helper thread, and the numbers of the banks that it has, the one used longest ago first. */
interface Helper {
  readonly worker: Worker;
  readonly banks: number[];
}

/** Helper threads of this thread that have nothing to do; they are started once and used again. */
const idle: Helper[] = [];
/** Copying a bank to another thread takes as long as seconds of music, so helpers keep some. */
const MOST_BANKS = 4;
/** Banks by number and not by reference: a helper's copy must not keep a font's samples in memory. */
const bankNumbers = new WeakMap<BankData, number>();
let banks = 0;

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
export function startShards(
  bank: BankData,
  job: Omit<ShardJob, 'port' | 'bank' | 'newBank' | 'forgottenBanks'>,
): ShardWorker {
  const helper = idle.pop() ?? startThread();
  const { port1, port2 } = new MessageChannel();
  helper.worker.postMessage({ ...job, ...handOver(bank, helper.banks), port: port2 } satisfies ShardJob, [port2]);
  port1.unref();
  return {
    port: port1,
    release: () => {
      port1.close();
      idle.push(helper);
    },
  };
}

function handOver(bank: BankData, known: number[]): Pick<ShardJob, 'bank' | 'newBank' | 'forgottenBanks'> {
  let number = bankNumbers.get(bank);
  if (number === undefined) {
    number = ++banks;
    bankNumbers.set(bank, number);
  }
  const at = known.indexOf(number);
  if (at >= 0) known.splice(at, 1);
  known.push(number);
  const forgottenBanks = known.splice(0, Math.max(0, known.length - MOST_BANKS));
  return { bank: number, newBank: at >= 0 ? null : bank, forgottenBanks };
}

function startThread(): Helper {
  const memory = kernelMemory();
  const data: ShardThreadData = { memory: memory.memory, owner: memory.owner };
  const worker = new Worker(new URL('./shard-thread.js', import.meta.url), { workerData: data });
  // A helper must not keep the thread alive that it helps.
  worker.unref();
  return { worker, banks: [] };
}
