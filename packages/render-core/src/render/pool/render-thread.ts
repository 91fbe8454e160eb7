import { parentPort, workerData } from 'node:worker_threads';
import { openCatalogue } from '../../instruments/catalogue/catalogue.js';
import { joinKernelMemory } from '../../synth/kernel-memory.js';
import { asRefusal } from '../refused-error.js';
import { RenderCanceledError } from '../render-context.js';
import { renderJob } from '../render-job.js';
import type { RenderReply, RenderRequest, RenderThreadData } from './render-messages.js';
import { SharedFonts } from './shared-fonts.js';
import { warmUp } from './warm-up.js';

const PROGRESS_INTERVAL_MS = 100;

if (!parentPort) throw new Error('render-thread runs as a worker thread');
const port = parentPort;
const reply = (message: RenderReply) => port.postMessage(message);

const { catalogue: config, fonts, memory } = workerData as RenderThreadData;
joinKernelMemory(memory);
const sharedFonts = new SharedFonts(fonts);
const catalogue = await openCatalogue(config, (path, name) => sharedFonts.load(path, name));

const warm = warmUp(catalogue);

port.on('message', async ({ job, helperThreads, cancel }: RenderRequest) => {
  const flag = new Int32Array(cancel);
  let reportedAt = Number.NEGATIVE_INFINITY;
  await warm;
  try {
    const rendered = await renderJob(job, catalogue, {
      helperThreads,
      isCanceled: () => Atomics.load(flag, 0) !== 0,
      onProgress: (renderedSeconds, totalSeconds) => {
        const now = performance.now();
        if (now - reportedAt < PROGRESS_INTERVAL_MS) return;
        reportedAt = now;
        reply({ type: 'progress', renderedSeconds, totalSeconds });
      },
    });
    reply({ type: 'done', rendered });
  } catch (error) {
    reply(failure(error));
  }
});
reply({ type: 'ready' });

function failure(error: unknown): RenderReply {
  if (error instanceof RenderCanceledError) return { type: 'canceled' };
  const refusal = asRefusal(error);
  if (refusal) return { type: 'refused', refusal };
  return { type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
