import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { BurnScore } from './burn-score.js';

/** Stands in for a render: keeps a core busy without ever returning to its event loop, as synthesis does, then writes a file. */
const { score, outputFolder } = workerData as { score: BurnScore; outputFolder: string };

const steps = 10;
for (let step = 1; step <= steps; step++) {
  const until = performance.now() + score.wallMs / steps;
  while (performance.now() < until) Math.sqrt(until);
  parentPort?.postMessage({ progress: (score.seconds * step) / steps });
}
if (score.fault) throw new Error(score.fault);
const path = join(outputFolder, 'out.wav');
writeFileSync(path, Buffer.alloc(score.bytes, score.title));
parentPort?.postMessage({ path });
