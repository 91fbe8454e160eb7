import type { MessagePort } from 'node:worker_threads';
import type { PresetNumber, Quality } from '../../instruments/sound-source.js';
import type { Part, Warning } from '../../score/performance.js';
import type { BankData } from '../bank/bank-data.js';
import type { WasmMemory } from '../webassembly.js';
import type { RingShape } from './shard-ring.js';

/** What a helper thread is started with. */
export interface ShardThreadData {
  readonly memory: WasmMemory;
  /** The thread that it helps, in whose name it takes memory. */
  readonly owner: number;
}

/** A part of a shard; `bus` counts the buses of the stream. */
export interface ShardPart {
  readonly part: Part;
  readonly preset: PresetNumber | null;
  readonly bus: number;
}

/** To a helper thread: render these shards until the ring is closed. */
export interface ShardJob {
  /** The number of a bank that the helper has been given in an earlier job, or is given in this one. */
  readonly bank: number;
  readonly newBank: BankData | null;
  /** Banks that it will not be asked for again. */
  readonly forgottenBanks: readonly number[];
  readonly ring: RingShape;
  /** The shards of each stream. */
  readonly streams: readonly (readonly (readonly ShardPart[])[])[];
  readonly sampleRate: number;
  readonly quality: Quality;
  readonly tuningHz: number;
  readonly seed: number;
  readonly sends: boolean;
  readonly port: MessagePort;
}

/** From a helper thread. */
export type ShardReply =
  | { readonly type: 'warning'; readonly warning: Warning }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'done' };
