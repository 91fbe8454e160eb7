import type { MessagePort } from 'node:worker_threads';
import type { CatalogueConfig } from '../../instruments/catalogue/catalogue-config.js';
import type { WasmMemory } from '../../synth/webassembly.js';
import type { Refusal } from '../refused-error.js';
import type { RenderedJob, RenderJob } from '../render-job.js';

/** What a render thread is started with. */
export interface RenderThreadData {
  readonly catalogue: CatalogueConfig;
  /** To the font thread. */
  readonly fonts: MessagePort;
  /** The kernel memory of the process. */
  readonly memory: WasmMemory;
}

/** To a render thread. */
export interface RenderRequest {
  readonly job: RenderJob;
  /** Threads that this job may use beside its own. */
  readonly helperThreads: number;
  /** One Int32: becomes 1 when the job is to stop; read once per block, because a busy thread receives no messages. */
  readonly cancel: SharedArrayBuffer;
}

/** From a render thread. */
export type RenderReply =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly renderedSeconds: number; readonly totalSeconds: number }
  | { readonly type: 'done'; readonly rendered: RenderedJob }
  | { readonly type: 'canceled' }
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'failed'; readonly message: string };
